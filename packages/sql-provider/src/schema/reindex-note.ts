/** The note that replaces the signature of the indexes while keys are rebuilt; it equals the signature of no process. */
import { isObject, type JsonValue } from '@scimkit/core/json'

/** The progress of a reindexing run. */
export interface ReindexNote {
  /** The signature of the new indexes. */
  readonly signature: string
  /** The number of the last resource whose keys are rebuilt. */
  readonly after: number
  /** The random id of this run. */
  readonly by: string
}

/** The stored text of a note. */
export function noteOf({ signature, after, by }: ReindexNote): string {
  return JSON.stringify({ making: signature, after, by })
}

/** The note in a text; undefined if the text is a signature or undefined. */
export function notedIn(text: string | undefined): ReindexNote | undefined {
  // A signature is a JSON array, a note is a JSON object.
  if (text?.startsWith('{') !== true) return undefined
  const note = JSON.parse(text) as JsonValue
  if (!isObject(note)) return undefined
  const { making, after, by } = note
  if (typeof making !== 'string' || typeof after !== 'number' || typeof by !== 'string') return undefined
  return { signature: making, after, by }
}
