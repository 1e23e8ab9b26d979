import { scimError } from '../errors.js'
import { type JsonObject, own } from '../json/value.js'
import { withKey } from '../resource/document.js'

/** A password for the host; `value` undefined removes it. */
export interface Secret {
  readonly value: string | undefined
}

/**
 * The document without its password, and the password apart: it never reaches a store, a digest, an event or a
 * response.
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
