import { scimError } from '../errors.js'
import { type JsonObject, own } from '../json.js'
import { withKey } from '../resource/document.js'

/** A password on its way to the host; `value` undefined takes it away. */
export interface Secret {
  readonly value: string | undefined
}

/**
 * The document without its password, and that apart: it never reaches a store, a digest, an event or an answer.
 * @see RFC 7643 §4.1.1, §9.2
 */
export function takeSecret(document: JsonObject): {
  readonly document: JsonObject
  readonly secret: Secret | undefined
} {
  const password = own(document, 'password')
  if (password === undefined) return { document, secret: undefined }
  if (password === '') throw scimError.invalidValue('password may not be empty.')
  return {
    document: withKey(document, 'password', undefined),
    secret: { value: typeof password === 'string' ? password : undefined },
  }
}
