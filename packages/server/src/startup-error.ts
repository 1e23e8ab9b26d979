import { ScimError } from '@scimkit/core'
import { StoreFailure } from '@scimkit/sql-provider'

/** The reason why the command cannot run, in one line for the operator. The cause is outside of this program, so no stack is printed. */
export class StartupError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'StartupError'
  }
}

/** An error for a store that cannot be used, with the message of the innermost cause. */
export function cannotUse(place: string, error: unknown): StartupError {
  return new StartupError(`Cannot use ${place}: ${reasonOf(error)}`, error)
}

const escapes =
  'The user name or the password in the URL contains a character that must be percent-encoded: write @ as %40, / as %2F, # as %23 and ? as %3F, or set the password in PGPASSWORD.'

/**
 * The same for a database whose URL is ambiguous: the host or database name that the driver reports may be a part of the
 * password, so the message contains only the code of its error.
 */
export function cannotUseAmbiguous(place: string, error: unknown): StartupError {
  // Without a cause: it would be printed too.
  return new StartupError(`Cannot use ${place}: ${codeOf(error) ?? 'the database does not respond'}. ${escapes}`)
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string' && /^[A-Z0-9_]+$/.test(error.code)) return error.code
  return codeOf(error.cause ?? (error instanceof AggregateError ? error.errors[0] : undefined))
}

/** True for errors of a store that does not respond. The cause is in the store, so our stack adds no information. */
export function isStoreFailure(error: unknown): boolean {
  return error instanceof StoreFailure || (error instanceof ScimError && error.cause instanceof StoreFailure)
}

// A StoreFailure wraps the error of the database, and the 503 of the core wraps the StoreFailure.
function reasonOf(error: unknown): string {
  const { cause, message } = error instanceof Error ? error : new Error(String(error))
  if (isStoreFailure(error) && cause instanceof Error) return reasonOf(cause)
  // If every address of a host refuses the connection, Node's error has no message, only the error of each address.
  if (error instanceof AggregateError && message === '') return reasonOf(error.errors[0])
  const [line = ''] = message.split('\n')
  return line.endsWith('.') ? line : `${line}.`
}
