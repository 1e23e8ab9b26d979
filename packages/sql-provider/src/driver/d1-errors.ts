/** What D1 means by its errors. All it gives is text, so the texts stand here and nowhere else. */

/**
 * What an error of D1 means.
 * - `taken`, `guard`: a unique index, or the CHECK of `scim_guard`, refused; the batch was rolled back.
 * - `refused`: SQLite or D1 refused for another reason, and nothing was changed. Asking again at once would not help.
 * - `lost`: the question or the answer was lost, or so it may be: no text of D1 proves that a question never arrived. It may
 *   have been done; asking again may help.
 * - `failed`: anything else. It may have been done, and asking again would not help.
 */
export type D1Trouble = 'taken' | 'guard' | 'refused' | 'lost' | 'failed'

// Anchored, so that nothing that was sent or stored and comes back in an error can pass for an answer.
const texts: readonly (readonly [RegExp, D1Trouble])[] = [
  // What follows is a page of somebody on the way, whatever stands in it.
  [/^Failed to parse body as JSON/, 'failed'],
  [/^UNIQUE constraint failed: /, 'taken'],
  [/^CHECK constraint failed: ok = 1\b/, 'guard'],
  [/^D1 DB is overloaded\./, 'refused'],
  [/^Exceeded maximum DB size|^Your account has exceeded D1's /, 'refused'],
  [/^Cannot resolve D1 DB due to transient issue on remote node/, 'lost'],
  [/^Network connection lost/, 'lost'],
  [/^D1 DB reset because its code was updated/, 'lost'],
  [/caused object to be reset\.?$/, 'lost'],
  [/^internal error\b/i, 'lost'],
  // The statement itself was wrong, or too much; I/O errors and the like are not in this list, for they come at COMMIT too.
  [/: SQLITE_(AUTH|CONSTRAINT|ERROR|FULL|MISMATCH|RANGE|TOOBIG)(?: \(extended: \w+\))?$/, 'refused'],
  [/^Type '\w+' not supported for value/, 'refused'],
]

const prefix = /^(?:D1(?:_[A-Z]+)?_ERROR: )?(?:Error: )?/

/** Sorts an error. */
export function troubleOf(error: unknown): D1Trouble {
  const message = (error instanceof Error ? error.message : String(error)).replace(prefix, '')
  return texts.find(([pattern]) => pattern.test(message))?.[1] ?? 'failed'
}
