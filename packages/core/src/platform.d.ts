/**
 * Every global that the core may use, and nothing else: the core compiles without the DOM and without Node's types, so
 * a name missing here is a compile error instead of a crash on another edge runtime.
 */

declare class TextDecoder {
  constructor(label?: string, options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean })
  decode(input?: Uint8Array, options?: { readonly stream?: boolean }): string
}

declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>
}

/** Cancellation on the platform; only the parts that the core reads. */
declare interface AbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

declare const crypto: {
  randomUUID(): string
  getRandomValues(array: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>
  readonly subtle: SubtleCrypto
}

/** WebCrypto, as far as cursors and digests need it. */
declare interface SubtleCrypto {
  digest(algorithm: 'SHA-256', data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>
  importKey(
    format: 'raw',
    key: Uint8Array<ArrayBuffer>,
    algorithm: 'HKDF' | 'AES-GCM',
    extractable: false,
    usages: readonly ('deriveBits' | 'encrypt' | 'decrypt')[],
  ): Promise<CryptoKey>
  deriveBits(algorithm: HkdfParams, key: CryptoKey, bits: number): Promise<ArrayBuffer>
  encrypt(algorithm: AesGcmParams, key: CryptoKey, data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>
  decrypt(algorithm: AesGcmParams, key: CryptoKey, data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>
}

/** A key that only WebCrypto can look into. */
declare interface CryptoKey {
  readonly type: string
}

declare interface HkdfParams {
  readonly name: 'HKDF'
  readonly hash: 'SHA-256'
  readonly salt: Uint8Array<ArrayBuffer>
  readonly info: Uint8Array<ArrayBuffer>
}

declare interface AesGcmParams {
  readonly name: 'AES-GCM'
  readonly iv: Uint8Array<ArrayBuffer>
  readonly additionalData: Uint8Array<ArrayBuffer>
}

/** Base64 of bytes, each a character below U+0100. */
declare function btoa(bytes: string): string
declare function atob(base64: string): string

/** Milliseconds with fractions, which no change of the system clock moves. */
declare const performance: { now(): number }

declare const console: { warn(message: string): void }

declare function setTimeout(run: () => void, milliseconds: number): unknown
declare function clearTimeout(timer: unknown): void

/** Only digest.node.ts imports this; it is the one file of the core that knows Node. */
declare module 'node:crypto' {
  export function createHash(algorithm: 'sha256'): {
    update(text: string, encoding: 'utf8'): { digest(encoding: 'hex'): string }
  }
}
