/** What D1 means by its errors. All it gives is text, so the texts stand here and nowhere else. */

/**
 * What an error of D1 means.
 * - `taken`, `guard`: a unique index, or the CHECK of `scim_guard`, refused; the batch was rolled back.
 * - `busy`: D1 has too many requests, and nothing was changed; the same request may succeed later.
 * - `tooLarge`: a value, a row or a statement is larger than D1 takes, and nothing was changed.
 * - `full`: the database has its maximum size, and nothing was changed.
 * - `rejected`: SQLite or D1 refused the statement for another reason, and nothing was changed.
 * - `lost`: the question or the answer was lost, or so it may be: no text of D1 proves that a question never arrived. It may
 *   have been done; asking again may help.
 * - `failed`: anything else. It may have been done, and asking again would not help.
 */
export type D1Trouble = 'taken' | 'guard' | 'busy' | 'tooLarge' | 'full' | 'rejected' | 'lost' | 'failed'

// Anchored, so that nothing that was sent or stored and comes back in an error can pass for an answer.
const texts: readonly (readonly [RegExp, D1Trouble])[] = [
  // What follows is a page of somebody on the way, whatever stands in it.
  [/^Failed to parse body as JSON/, 'failed'],
  [/^UNIQUE constraint failed: /, 'taken'],
  [/^CHECK constraint failed: ok = 1\b/, 'guard'],
  [/^D1 DB is overloaded\./, 'busy'],
  [/^Exceeded maximum DB size|^Your account has exceeded D1's /, 'full'],
  [/^Cannot resolve D1 DB due to transient issue on remote node/, 'lost'],
  [/^Network connection lost/, 'lost'],
  [/^D1 DB reset because its code was updated/, 'lost'],
  [/caused object to be reset\.?$/, 'lost'],
  [/^internal error\b/i, 'lost'],
  // The statement itself was wrong, or too much; I/O errors and the like are not in this list, for they come at COMMIT too.
  [/: SQLITE_TOOBIG(?: \(extended: \w+\))?$/, 'tooLarge'],
  [/: SQLITE_FULL(?: \(extended: \w+\))?$/, 'full'],
  [/: SQLITE_(AUTH|CONSTRAINT|ERROR|MISMATCH|RANGE)(?: \(extended: \w+\))?$/, 'rejected'],
  [/^Type '\w+' not supported for value/, 'rejected'],
]

const prefix = /^(?:D1(?:_[A-Z]+)?_ERROR: )?(?:Error: )?/

/** Sorts an error. */
export function troubleOf(error: unknown): D1Trouble {
  const message = (error instanceof Error ? error.message : String(error)).replace(prefix, '')
  return texts.find(([pattern]) => pattern.test(message))?.[1] ?? 'failed'
}
