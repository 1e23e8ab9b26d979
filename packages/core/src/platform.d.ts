/**
 * Every global the core may touch, and nothing else: the core compiles without the DOM and without Node's types,
 * so a name missing here is a compile error, not a crash on somebody's edge runtime.
 */

declare class TextDecoder {
  constructor(label?: string, options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean })
  decode(input?: Uint8Array): string
}

declare class TextEncoder {
  encode(input?: string): Uint8Array
}

/** Cancellation as the platform has it; only what the core reads. */
declare interface AbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
}

declare const crypto: {
  randomUUID(): string
  readonly subtle: { digest(algorithm: 'SHA-256', data: Uint8Array): Promise<ArrayBuffer> }
}

declare const console: { warn(message: string): void }

declare function setTimeout(run: () => void, milliseconds: number): unknown

/** Only digest.node.ts imports this; it is the one file of the core that knows Node. */
declare module 'node:crypto' {
  export function createHash(algorithm: 'sha256'): {
    update(text: string, encoding: 'utf8'): { digest(encoding: 'hex'): string }
  }
}
