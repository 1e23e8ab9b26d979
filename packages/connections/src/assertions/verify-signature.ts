/** Verification of signatures. @see RFC 7515 §5.2, RFC 7518 §3 */
import { compactVerify, importJWK } from 'jose'
import type { PublicKey } from '../key-sets/public-key.js'

/** Whether the signature of a JWT in compact form was made with the private key of this public key. Never throws. */
export async function hasValidSignature(text: string, key: PublicKey, algorithm: string): Promise<boolean> {
  try {
    // Only the members of public keys.
    const { kty, n, e, crv, x, y } = key
    const material = Object.fromEntries(
      Object.entries({ kty, n, e, crv, x, y }).filter(([, value]) => typeof value === 'string'),
    )
    await compactVerify(text, await importJWK(material, algorithm), { algorithms: [algorithm] })
    return true
  } catch {
    return false
  }
}
