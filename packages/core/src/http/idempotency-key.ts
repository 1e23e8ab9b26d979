/**
 * The header `Idempotency-Key`. Repeated header fields arrive as one text, joined by `, `; a key has no space, so the
 * parts can be separated again.
 */
import { scimError } from '../errors.js'

/**
 * The key of a request, undefined for a request without the header. Throws 400 for several different keys; the
 * operation checks the form of the one.
 */
export function idempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const [first, ...others] = header.split(', ')
  if (others.some((other) => other !== first)) {
    throw scimError.badRequest('Idempotency-Key was sent several times with different values.')
  }
  return first
}
