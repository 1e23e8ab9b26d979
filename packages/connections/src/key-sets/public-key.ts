/** The public keys in a key set, and which of them a signature needs. @see RFC 7517 §4, §5 */
import { asObject, type Fields } from '../records/fields.js'

/** A public key as JSON (JWK). */
export type PublicKey = Fields

/** Keys of one set that are read at most; of further ones none is used. */
const mostKeys = 200

// 8,192 bits of modulus; larger ones make each verification slow, and a customer chooses them.
const longestModulus = 1_366
const longestExponent = 8

/** The usable keys of `{ keys: […] }`. Throws an Error if it is no key set. */
export function publicKeysIn(keySet: unknown): readonly PublicKey[] {
  const keys = asObject(keySet)?.keys
  if (!Array.isArray(keys)) throw new Error('The key set has no list "keys".')
  return usableKeys(keys)
}

/** Those of these keys that can verify a signature. */
export function usableKeys(keys: readonly unknown[]): readonly PublicKey[] {
  return keys
    .slice(0, mostKeys)
    .map(asObject)
    .filter((key) => key !== undefined)
    .filter(isUsable)
}

/**
 * The key for a signature with this algorithm. Without a `kid` it must be the only one that fits; two keys with one
 * `kid` differ in their types.
 */
export function keyFor(keys: readonly PublicKey[], kid: string | undefined, algorithm: string): PublicKey | undefined {
  const fitting = keys.filter((key) => fits(key, algorithm))
  if (kid !== undefined) return fitting.find((key) => key.kid === kid)
  return fitting.length === 1 ? fitting[0] : undefined
}

// Private parts or a shared secret in a public set are an error of its owner; such a key authenticates no caller.
function isUsable(key: PublicKey): boolean {
  if ('d' in key || 'k' in key) return false
  if (key.use !== undefined && key.use !== 'sig') return false
  if (key.key_ops !== undefined && !(Array.isArray(key.key_ops) && key.key_ops.includes('verify'))) return false
  return true
}

function fits(key: PublicKey, algorithm: string): boolean {
  if (key.alg !== undefined && key.alg !== algorithm && !(algorithm === 'EdDSA' && key.alg === 'Ed25519')) return false
  switch (algorithm) {
    case 'RS256':
    case 'PS256':
      return key.kty === 'RSA' && hasLength(key.n, longestModulus) && hasLength(key.e, longestExponent)
    case 'ES256':
      return key.kty === 'EC' && key.crv === 'P-256'
    case 'EdDSA':
      return key.kty === 'OKP' && key.crv === 'Ed25519'
    default:
      return false
  }
}

function hasLength(value: unknown, longest: number): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= longest
}
