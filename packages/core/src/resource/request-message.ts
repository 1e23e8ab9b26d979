/** The messages of RFC 7644 (PatchOp, SearchRequest, BulkRequest): how their attributes are read, and their URNs. */
import { scimError } from '../errors.js'
import type { InteropSwitches } from '../interop.js'
import { isObject, type JsonObject, type JsonValue } from '../json/value.js'
import { checkSchemas } from './schemas.js'

/** The name of a message that a client sends: the last part of its URN. */
export type MessageName = 'PatchOp' | 'SearchRequest' | 'BulkRequest'

/** The URN of a message. @see RFC 7644 §8.2 */
export function messageUrn(name: MessageName): string {
  return `urn:ietf:params:scim:api:messages:2.0:${name}`
}

// The drafts of RFC 7644, and clients written from them, have this instead of `urn:ietf:params:scim:api:messages:2.0:`.
const draftPrefixes: readonly string[] = [
  'urn:ietf:params:scim:schemas:core:2.0:',
  'urn:scim:api:messages:2.0:',
  'urn:scim:schemas:core:2.0:',
]

/**
 * True if a URN, in lower case, names the message: by the URN of RFC 7644, or by one of its drafts if they are
 * accepted.
 */
export function namesMessage(urn: string, name: MessageName, { draftMessageUrns }: InteropSwitches): boolean {
  const lower = name.toLowerCase()
  if (urn === messageUrn(name).toLowerCase()) return true
  return draftMessageUrns && draftPrefixes.some((prefix) => urn === `${prefix}${lower}`)
}

/** Attributes of a message by their name in RFC 7644. */
export type MessageValues<Name extends string> = { readonly [Each in Name]?: JsonValue }

/**
 * The requested attributes of a message, and the URNs in its `schemas`, in lower case. Throws 400 invalidSyntax for a
 * body that is not a JSON object, names another message, or has a duplicate attribute.
 */
export function readMessage<Name extends string>(
  body: JsonValue,
  message: MessageName,
  names: readonly Name[],
  interop: InteropSwitches,
): { readonly values: MessageValues<Name>; readonly urns: readonly string[] } {
  if (!isObject(body)) throw scimError.invalidSyntax('The body must be a JSON object.')
  const { schemas } = messageValues(body, ['schemas'])
  const wanted = {
    urn: messageUrn(message),
    isNamedBy: (urn: string) => namesMessage(urn, message, interop),
    refuse: scimError.invalidSyntax,
  }
  const urns = checkSchemas(schemas, wanted, interop)
  return { values: messageValues(body, names), urns }
}

/**
 * The requested attributes of a message, or of an operation in one. Those that are null are left out, except the ones
 * in `nullable`, where null has a meaning. Throws 400 invalidSyntax for a duplicate.
 * @see RFC 7643 §2.1 (names ignore case), §2.5 (null is unassigned)
 */
export function messageValues<Name extends string>(
  message: JsonObject,
  names: readonly Name[],
  nullable: readonly Name[] = [],
): MessageValues<Name> {
  const values: { [Each in Name]?: JsonValue } = {}
  const seen = new Set<Name>()
  for (const key of Object.keys(message)) {
    const name = names.find((each) => isSpelling(key, each))
    if (name === undefined) continue
    if (seen.has(name)) throw scimError.invalidSyntax(`Duplicate attribute ${name}.`)
    seen.add(name)
    const value = message[key] as JsonValue
    if (value !== null || nullable.includes(name)) values[name] = value
  }
  return values
}

function isSpelling(key: string, name: string): boolean {
  return key === name || (key.length === name.length && key.toLowerCase() === name.toLowerCase())
}
