/**
 * Text that is sent to a client and comes back: no other party can read, create or change it. AES-256-GCM by WebCrypto,
 * which every runtime has.
 */

/**
 * The text, sealed, in characters that need no escaping in a URL. It opens only with the same `bound`, a text that is
 * not in it. `salt` is 16 random bytes, different each time. `key`: at least 32 bytes that cannot be guessed.
 * @see RFC 5869 (HKDF); NIST SP 800-38D (GCM); RFC 4648 §5 (base64url)
 */
export async function seal(
  key: Uint8Array<ArrayBuffer>,
  text: string,
  bound: string,
  salt: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const lock = await lockFor(key, salt, bound, 'encrypt')
  const sealed = await crypto.subtle.encrypt(lock.algorithm, lock.key, new TextEncoder().encode(text))
  return toText(salt, new Uint8Array(sealed))
}

/** The original text, if it was sealed with one of these keys and with this `bound`; else undefined. */
export async function unseal(
  keys: readonly Uint8Array<ArrayBuffer>[],
  sealed: string,
  bound: string,
): Promise<string | undefined> {
  const bytes = toBytes(sealed)
  if (bytes === undefined || bytes.length <= saltLength) return undefined
  for (const key of keys) {
    const lock = await lockFor(key, bytes.slice(0, saltLength), bound, 'decrypt')
    try {
      const text = await crypto.subtle.decrypt(lock.algorithm, lock.key, bytes.slice(saltLength))
      return new TextDecoder().decode(new Uint8Array(text))
    } catch {
      // Another key, or not sealed by this server.
    }
  }
  return undefined
}

const saltLength = 16
const keyLength = 32
const ivLength = 12

interface Lock {
  readonly algorithm: AesGcmParams
  readonly key: CryptoKey
}

// Each text has a key and an IV of its own, so a key may seal for years: with one key and random IVs, two texts would
// share an IV after some billions, and could be read and forged.
async function lockFor(
  key: Uint8Array<ArrayBuffer>,
  salt: Uint8Array<ArrayBuffer>,
  bound: string,
  usage: 'encrypt' | 'decrypt',
): Promise<Lock> {
  const encoder = new TextEncoder()
  const source = await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveBits'])
  const hkdf: HkdfParams = { name: 'HKDF', hash: 'SHA-256', salt, info: encoder.encode('scimkit sealed 1') }
  const bits = new Uint8Array(await crypto.subtle.deriveBits(hkdf, source, (keyLength + ivLength) * 8))
  const iv = bits.slice(keyLength)
  return {
    algorithm: { name: 'AES-GCM', iv, additionalData: encoder.encode(bound) },
    key: await crypto.subtle.importKey('raw', bits.slice(0, keyLength), 'AES-GCM', false, [usage]),
  }
}

function toText(...parts: readonly Uint8Array[]): string {
  let characters = ''
  for (const part of parts) for (const byte of part) characters += String.fromCharCode(byte)
  return btoa(characters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function toBytes(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const characters = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = new Uint8Array(characters.length)
    for (let i = 0; i < characters.length; i++) bytes[i] = characters.charCodeAt(i)
    return bytes
  } catch {
    return undefined
  }
}
