import { documentText } from '../json.js'
import type { Stored } from './provider.js'

// What an answer adds to a document (`meta`), and what one element of `members` or `groups` takes in it, roughly: URLs
// have the length of the host's base URL.
const bytesBeside = 512
const bytesOfElement = 128

/** What a resource counts as on a page that is bounded in bytes: its document, `meta`, and the elements beside it. */
export function weightOf(documentBytes: number, elements: number): number {
  return documentBytes + bytesBeside + elements * bytesOfElement
}

/** The weight of a resource as it was read. Characters count as bytes: the core measures the answer itself. */
export function weightOfStored(stored: Stored): number {
  const text = 'json' in stored ? stored.json : documentText(stored.resource)
  return weightOf(text.length, (stored.members?.length ?? 0) + (stored.derived?.groups?.length ?? 0))
}

/**
 * How many of the resources with these weights a page holds: as many as come first within `bytes`, one at least.
 * Undefined bounds nothing. Weights after the bound are not asked for.
 */
export function heldBy(bytes: number | undefined, weights: Iterable<number>): number {
  if (bytes === undefined) return Number.POSITIVE_INFINITY
  let held = 0
  let sum = 0
  for (const weight of weights) {
    sum += weight
    if (sum > bytes && held > 0) break
    held += 1
  }
  return held
}
