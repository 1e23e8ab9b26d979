/** The operations of a PATCH. @see RFC 7644 §3.5.2 */
import type { Json } from './answer.js'

/** One operation, or several. */
export type Operations = Json | readonly Json[]

/** Several operations, in both cases. */
export function listOf(operations: Operations): readonly Json[] {
  return (Array.isArray(operations) ? operations : [operations]) as readonly Json[]
}

/** Adds a value at a path. */
export const add = (path: string, value: unknown): Json => ({ op: 'add', path, value })

/** Replaces the value at a path. */
export const replace = (path: string, value: unknown): Json => ({ op: 'replace', path, value })

/** Removes the value at a path. */
export const remove = (path: string): Json => ({ op: 'remove', path })
