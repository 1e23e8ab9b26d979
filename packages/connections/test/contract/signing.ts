/** Keys and signatures of test issuers and clients, by WebCrypto. */
import type { webcrypto } from 'node:crypto'

export type TestAlgorithm = 'RS256' | 'PS256' | 'ES256' | 'EdDSA'

export interface SigningKey {
  readonly kid: string
  readonly algorithm: TestAlgorithm
  /** The public key. */
  readonly jwk: Readonly<Record<string, unknown>>
  sign(text: string): Promise<Uint8Array>
}

interface Scheme {
  readonly generate: webcrypto.RsaHashedKeyGenParams | webcrypto.EcKeyGenParams | webcrypto.AlgorithmIdentifier
  readonly sign: webcrypto.AlgorithmIdentifier | webcrypto.EcdsaParams | webcrypto.RsaPssParams
}

const rsa = { modulusLength: 2_048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' }

const schemes: Readonly<Record<TestAlgorithm, Scheme>> = {
  RS256: { generate: { name: 'RSASSA-PKCS1-v1_5', ...rsa }, sign: { name: 'RSASSA-PKCS1-v1_5' } },
  PS256: { generate: { name: 'RSA-PSS', ...rsa }, sign: { name: 'RSA-PSS', saltLength: 32 } },
  ES256: { generate: { name: 'ECDSA', namedCurve: 'P-256' }, sign: { name: 'ECDSA', hash: 'SHA-256' } },
  EdDSA: { generate: { name: 'Ed25519' }, sign: { name: 'Ed25519' } },
}

/** A new key pair. */
export async function signingKey(algorithm: TestAlgorithm, kid: string): Promise<SigningKey> {
  const scheme = schemes[algorithm]
  const pair = (await crypto.subtle.generateKey(scheme.generate, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair
  const { kty, n, e, crv, x, y } = (await crypto.subtle.exportKey('jwk', pair.publicKey)) as webcrypto.JsonWebKey
  const jwk = Object.fromEntries(Object.entries({ kty, n, e, crv, x, y, kid }).filter(([, value]) => value))
  const sign = async (text: string): Promise<Uint8Array> =>
    new Uint8Array(await crypto.subtle.sign(scheme.sign, pair.privateKey, new TextEncoder().encode(text)))
  return { kid, algorithm, jwk, sign }
}

export type Claims = Readonly<Record<string, unknown>>

/** A JWT. A header member with the value undefined is left out. */
export async function jwtOf(claims: Claims | string, key: SigningKey, header: Claims = {}): Promise<string> {
  const head = { alg: key.algorithm, kid: key.kid, typ: 'JWT', ...header }
  const text = `${encoded(JSON.stringify(head))}.${encoded(typeof claims === 'string' ? claims : JSON.stringify(claims))}`
  return `${text}.${encodedBytes(await key.sign(text))}`
}

/** A text as base64url of its UTF-8. */
export function encoded(text: string): string {
  return encodedBytes(new TextEncoder().encode(text))
}

/** Bytes as base64url. */
export function encodedBytes(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return btoa(binary).split('+').join('-').split('/').join('_').split('=').join('')
}

/** An HMAC with SHA-256 of a text. */
export async function hmac(secret: Uint8Array<ArrayBuffer>, text: string): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text)))
}
