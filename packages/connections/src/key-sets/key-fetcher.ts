/** The port through which key sets and metadata of issuers are read. */

/**
 * Reads the JSON at a URL that an administrator of a customer has entered. It must follow no redirect, bound time and
 * size, and refuse addresses that the customer must not reach through this server. Rejects if it cannot be read.
 */
export type KeyFetcher = (url: string) => Promise<unknown>

/** Bounds of one read. */
export interface FetchBounds {
  /** For the whole read. Default 5,000. */
  readonly milliseconds?: number
  /** Of the body. Default 524,288 (512 KiB). */
  readonly bytes?: number
}

/** The defaults of {@link FetchBounds}. */
export const fetchBounds: Required<FetchBounds> = { milliseconds: 5_000, bytes: 524_288 }

/** The JSON in these bytes. Throws an Error for anything else. */
export function jsonOf(chunks: readonly Uint8Array[]): unknown {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const text = chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode()
  return JSON.parse(text)
}
