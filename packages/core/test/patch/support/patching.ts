import { type Interop, interopFrom } from '../../../src/interop.js'
import { deepCopy, type JsonObject, type JsonValue } from '../../../src/json/value.js'
import { defaultLimits, type Limits } from '../../../src/limits.js'
import { applyOperations } from '../../../src/patch/apply-operations.js'
import { parsePatch } from '../../../src/patch/parse/parse-patch.js'
import { workCounter } from '../../../src/patch/patching.js'
import { ignoredNames } from '../../../src/resource/ignored-names.js'
import { validateDocument } from '../../../src/resource/validate-document.js'
import type { ResourceType } from '../../../src/schema/attribute.js'
import { plain, refusal } from '../../resource/support/reading.js'

export const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

/** A PatchOp body. */
export function message(...operations: readonly JsonValue[]): JsonObject {
  return { schemas: [patchOp], Operations: operations }
}

export interface Patched {
  /** The document as it would be stored. */
  readonly after: JsonObject
  readonly ignored: readonly string[]
}

/**
 * The result of a PATCH body for a stored document (members in it), by the same steps as operations/patch and commit.
 */
export function patchWith(
  type: ResourceType,
  before: JsonObject,
  body: JsonValue,
  interop: Interop = 'lenient',
  limits: Limits = defaultLimits,
): Patched {
  const switches = interopFrom(interop)
  const ignored = ignoredNames()
  const operations = parsePatch(deepCopy(body), type, switches, limits)
  const document = deepCopy(before)
  const patching = { type, interop: switches, ignored, isChange: true as const, work: workCounter(limits.patchWork) }
  const patched = applyOperations(document, operations, patching)
  // The given document must be unchanged, whatever the result of the operations.
  if (JSON.stringify(document) !== JSON.stringify(before)) throw new Error('the given document was changed')
  return { after: plain(validateDocument(type, String(before.id), patched, document)), ignored: ignored.names }
}

/** The document after the PATCH, or the scimType of the refusal. */
export function outcome(type: ResourceType, before: JsonObject, body: JsonValue, interop: Interop): JsonValue {
  try {
    return patchWith(type, before, body, interop).after
  } catch {
    return refusal(() => patchWith(type, before, body, interop))
  }
}
