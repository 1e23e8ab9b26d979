import { ScimError } from '../../../src/errors.js'
import { type Interop, interopFrom } from '../../../src/interop.js'
import { deepCopy, type JsonObject, type JsonValue } from '../../../src/json/value.js'
import { ignoredNames } from '../../../src/resource/ignored-names.js'
import { readResource } from '../../../src/resource/read-resource.js'
import { validateDocument } from '../../../src/resource/validate-document.js'
import type { ResourceType } from '../../../src/schema/attribute.js'
import { compileResourceType } from '../../../src/schema/compile.js'
import {
  groupType as groupDefinition,
  userType as userDefinition,
} from '../../../src/schema/standard/resource-types.js'

export const core = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

export const userType: ResourceType = compileResourceType(userDefinition)
export const groupType: ResourceType = compileResourceType(groupDefinition)

/** The result of a body: the document, and the names left out; or the scimType of the refusal. */
export interface ReadResult {
  readonly document: JsonObject
  readonly ignored: readonly string[]
}

/** The document of a POST or PUT. Plain objects, so that `toEqual` ignores prototypes. */
export function read(type: ResourceType, body: JsonValue, interop: Interop = 'lenient'): ReadResult {
  const ignored = ignoredNames()
  const document = readResource(type, deepCopy(body), { interop: interopFrom(interop), ignored })
  return { document: plain(document), ignored: ignored.names }
}

/** The document as it would be stored. */
export function stored(
  type: ResourceType,
  body: JsonObject,
  before?: JsonObject,
  interop: Interop = 'lenient',
): JsonObject {
  const ignored = ignoredNames()
  const document = readResource(type, deepCopy(body), { interop: interopFrom(interop), ignored })
  return plain(validateDocument(type, 'id-1', document, before && deepCopy(before)))
}

/** The same JSON in plain objects. */
export function plain<Value extends JsonValue>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value
}

/**
 * The scimType (or else the status) of the refusal; fails without a refusal, or with another error than a ScimError.
 */
export function refusal(run: () => unknown): string | number {
  try {
    run()
  } catch (error) {
    if (error instanceof ScimError) return error.scimType ?? error.status
    throw error
  }
  throw new Error('not refused')
}
