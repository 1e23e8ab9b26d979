import { type FailureOutcome, StoreFailure } from '../store-failure.js'
import { troubleOf } from './errors.js'
import { rowLimit } from './limits.js'

/** The failure of D1, or of the SQLite of a Durable Object. `otherwise` is the outcome if the error does not determine one. */
export function failureOf(error: unknown, otherwise: FailureOutcome = 'nothingWritten'): StoreFailure {
  if (error instanceof StoreFailure) return error
  const message = error instanceof Error ? error.message : String(error)
  const trouble = troubleOf(error)
  switch (trouble) {
    case 'tooLarge':
      return new StoreFailure(message, 'refused', error, rowLimit)
    case 'full':
    case 'rejected':
      return new StoreFailure(message, trouble, error)
    case 'busy':
      return new StoreFailure(message, 'nothingWritten', error)
    case 'taken':
    case 'guard':
    case 'lost':
    case 'failed':
      return new StoreFailure(message, otherwise, error)
  }
}
