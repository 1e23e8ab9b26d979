/** What stands in place of the signature of the indexes while keys are being made; no process has it for its own. */
import { isObject, type JsonValue } from '@scimkit/core'

/** How far keys have been made. */
export interface ReindexNote {
  /** Of the indexes that they are made for. */
  readonly signature: string
  /** The number of the last resource whose keys are made. */
  readonly after: number
  /** Tells this run from all others. */
  readonly by: string
}

/** The note as it is kept. */
export function noteOf({ signature, after, by }: ReindexNote): string {
  return JSON.stringify({ making: signature, after, by })
}

/** The note in a text; undefined if it is a signature, or nothing. */
export function notedIn(text: string | undefined): ReindexNote | undefined {
  // A signature is the text of an array.
  if (text?.startsWith('{') !== true) return undefined
  const note = JSON.parse(text) as JsonValue
  if (!isObject(note)) return undefined
  const { making, after, by } = note
  if (typeof making !== 'string' || typeof after !== 'number' || typeof by !== 'string') return undefined
  return { signature: making, after, by }
}
