/** A signed JWT in compact form, taken apart. Nothing in it is true before its signature is verified. @see RFC 7515 §7.1 */
import { defaultLimits, type Limits } from '@scimkit/core'
import { parseJson } from '@scimkit/core/json'
import { base64url } from 'jose'
import { asObject, type Fields } from '../records/fields.js'
import { isBase64url } from '../tokens/base64url.js'

/** The parts of a JWT that were read before its signature is verified. */
export interface ParsedJwt {
  /** As it was sent. */
  readonly text: string
  readonly algorithm: string
  readonly kid: string | undefined
  readonly claims: Fields
}

/** Characters of a JWT at most; those of Entra have about 2,000. */
const longestJwt = 16_384

const limits: Limits = { ...defaultLimits, jsonDepth: 8, objectKeys: 200, jsonValues: 2_000, arrayLength: 1_000 }

/** The types (`typ`) of client assertions. A token of OpenID Connect or Entra has the type JWT. */
export const assertionTypes: readonly string[] = ['jwt', 'client-authentication+jwt']

/** The types (`typ`) of access tokens. @see RFC 9068 §2.1 */
export const accessTokenTypes: readonly string[] = ['jwt', 'at+jwt']

/**
 * The parts of a JWT; undefined if it has another form. A `typ`, if there is one, is one of `types`. `jku`, `jwk`, `x5u` and `x5c` are ignored: they would let the
 * sender name the key. Any `crit` is refused, because no extension is understood here.
 */
export function parseJwt(text: string, types: readonly string[]): ParsedJwt | undefined {
  if (text.length > longestJwt) return undefined
  const [head = '', body = '', signature = '', ...more] = text.split('.')
  if (more.length > 0 || signature === '' || !isBase64url(signature)) return undefined
  const header = objectOf(head)
  const claims = objectOf(body)
  if (header === undefined || claims === undefined) return undefined
  const { alg, kid, typ } = header
  if (typeof alg !== 'string' || !(kid === undefined || typeof kid === 'string')) return undefined
  if ('crit' in header || 'b64' in header || !(typ === undefined || isType(typ, types))) return undefined
  return { text, algorithm: alg, kid, claims }
}

// Media types have no letter case, and may leave out `application/`. @see RFC 7515 §4.1.9
function isType(typ: unknown, types: readonly string[]): boolean {
  if (typeof typ !== 'string') return false
  const lower = typ.toLowerCase()
  return types.includes(lower.startsWith('application/') ? lower.slice('application/'.length) : lower)
}

function objectOf(part: string): Fields | undefined {
  if (part === '' || !isBase64url(part)) return undefined
  try {
    const json = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(base64url.decode(part))
    // Refuses duplicate members: two readers of one JWT would see different claims.
    return asObject(parseJson(json, limits))
  } catch {
    return undefined
  }
}
