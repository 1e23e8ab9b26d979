/** Classifies the errors of D1. They consist of text only, so all texts are in this file. */

/**
 * The meaning of an error of D1.
 * - `taken`, `guard`: a unique index, or the CHECK of `scim_guard`, rejected a row; the batch was rolled back.
 * - `busy`: D1 has too many requests, and nothing was changed; the same request may succeed later.
 * - `tooLarge`: a value, a row or a statement exceeds a limit of D1, and nothing was changed.
 * - `full`: the database has its maximum size, and nothing was changed.
 * - `rejected`: SQLite or D1 rejected the statement for another reason, and nothing was changed.
 * - `lost`: the request to D1 or its answer was lost, or may be lost: no text of D1 proves that a request never arrived. The
 *   statements may have run; a retry may succeed.
 * - `failed`: any other error. The statements may have run; a retry would not succeed.
 */
export type D1Trouble = 'taken' | 'guard' | 'busy' | 'tooLarge' | 'full' | 'rejected' | 'lost' | 'failed'

// Anchored, so that a sent or stored value that an error quotes cannot match.
const texts: readonly (readonly [RegExp, D1Trouble])[] = [
  // The rest of the text is a page of a proxy in between, with any content.
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
  // The statement itself was wrong or too large. I/O errors are not in this list, because they also occur at COMMIT.
  [/: SQLITE_TOOBIG(?: \(extended: \w+\))?$/, 'tooLarge'],
  [/: SQLITE_FULL(?: \(extended: \w+\))?$/, 'full'],
  [/: SQLITE_(AUTH|CONSTRAINT|ERROR|MISMATCH|RANGE)(?: \(extended: \w+\))?$/, 'rejected'],
  [/^Type '\w+' not supported for value/, 'rejected'],
]

const prefix = /^(?:D1(?:_[A-Z]+)?_ERROR: )?(?:Error: )?/

/** Classifies an error. */
export function troubleOf(error: unknown): D1Trouble {
  const message = (error instanceof Error ? error.message : String(error)).replace(prefix, '')
  return texts.find(([pattern]) => pattern.test(message))?.[1] ?? 'failed'
}

const unique = 'UNIQUE constraint failed: '

/** True if a unique index of a table of the host rejected a row: the names of our own tables begin with `scim_`. */
export function isConstraintOfHost(error: unknown): boolean {
  const message = (error instanceof Error ? error.message : String(error)).replace(prefix, '')
  return message.startsWith(unique) && !message.startsWith(`${unique}scim_`)
}
