import { ScimError } from '@scimkit/core'
import { StoreFailure } from '@scimkit/sql-provider'

/** Why the command cannot do its work, in one line for whoever has started it: no fault of ours, so no stack is shown. */
export class CannotStart extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'CannotStart'
  }
}

/** Says that a store cannot be used, in the words of whoever knows best why. */
export function cannotUse(place: string, error: unknown): CannotStart {
  return new CannotStart(`Cannot use ${place}: ${reasonOf(error)}`, error)
}

const escapes =
  'The user name or the password in the URL has a character that must be escaped: write @ as %40, / as %2F, # as %23 and ? as %3F, or put the password into PGPASSWORD.'

/**
 * The same for a database whose URL is not clear: what the driver takes for a host or a database may be a part of the
 * password, so only the code of its error is told.
 */
export function cannotUseUnclear(place: string, error: unknown): CannotStart {
  // Without the error as its cause, which would be printed with it.
  return new CannotStart(`Cannot use ${place}: ${codeOf(error) ?? 'it does not answer'}. ${escapes}`)
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string' && /^[A-Z0-9_]+$/.test(error.code)) return error.code
  return codeOf(error.cause ?? (error instanceof AggregateError ? error.errors[0] : undefined))
}

/** True for what a store throws that does not answer: it is the store's fault, and no stack of ours would tell more. */
export function isStoreFailure(error: unknown): boolean {
  return error instanceof StoreFailure || (error instanceof ScimError && error.cause instanceof StoreFailure)
}

// A failure of the store wraps what the database has said, and the core's 503 wraps that.
function reasonOf(error: unknown): string {
  const { cause, message } = error instanceof Error ? error : new Error(String(error))
  if (isStoreFailure(error) && cause instanceof Error) return reasonOf(cause)
  // When every address of a host refuses, Node has nothing to say but what each has said.
  if (error instanceof AggregateError && message === '') return reasonOf(error.errors[0])
  const [line = ''] = message.split('\n')
  return line.endsWith('.') ? line : `${line}.`
}
