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
