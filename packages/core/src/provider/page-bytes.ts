import { documentText } from '../json/value.js'
import type { Stored } from './provider.js'

// The size that a response adds to a document (`meta`), and the size of one element of `members` or `groups` in it,
// roughly: URLs have the length of the host's base URL.
const bytesBeside = 512
const bytesOfElement = 128

/** The size of a resource on a page that is bounded in bytes: its document, `meta`, and the elements beside it. */
export function bytesOnPage(documentBytes: number, elements: number): number {
  return documentBytes + bytesBeside + elements * bytesOfElement
}

/** The size of a resource as it was read. Characters count as bytes: the core measures the response itself. */
export function storedBytesOnPage(stored: Stored): number {
  const text = 'json' in stored ? stored.json : documentText(stored.resource)
  return bytesOnPage(text.length, (stored.members?.length ?? 0) + (stored.derived?.groups?.length ?? 0))
}

/**
 * How many of the resources with these sizes a page holds: the first ones within `bytes`, one at least. Undefined means
 * no bound. Sizes after the bound are not requested.
 */
export function countWithinBytes(bytes: number | undefined, sizes: Iterable<number>): number {
  if (bytes === undefined) return Number.POSITIVE_INFINITY
  let held = 0
  let sum = 0
  for (const size of sizes) {
    sum += size
    if (sum > bytes && held > 0) break
    held += 1
  }
  return held
}
