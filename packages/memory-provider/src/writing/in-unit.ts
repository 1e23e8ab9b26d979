/** The host's function in the atomic step of a write. */
import { type ConditionalResult, type InTransaction, isThenable, type Unit } from '@scimkit/core/provider'

/** The checks of a write: why it is refused, or the function that makes its changes and cannot fail. */
type Check<Value> = () => ConditionalResult<Value> | (() => ConditionalResult<Value>)

/**
 * Runs the checks, the host's function, and the changes, in one synchronous step. The host's function runs before the
 * changes, so that its error changes nothing; the checks run again after it, because it may have written to this store.
 * Throws the errors of the function, and a TypeError if it returns a promise, which cannot be in one step.
 */
export function inUnit<Value>(work: InTransaction | undefined, check: Check<Value>): ConditionalResult<Value> {
  const first = check()
  if (typeof first !== 'function') return first
  if (work === undefined) return first()
  callInUnit(work)
  const second = check()
  return typeof second === 'function' ? second() : second
}

function callInUnit(work: InTransaction): void {
  let isOpen = true
  const unit: Unit = {
    run(host: unknown): never {
      if (!isOpen) throw new Error('unit.run: the unit of work has ended')
      if (typeof host !== 'function') {
        throw new TypeError('unit.run: the memory provider has no SQL; pass a function, which is called at once')
      }
      return host() as never
    },
  }
  try {
    const result = work(unit)
    if (isThenable(result)) {
      // Its rejection is reported by the error below.
      Promise.resolve(result).catch(() => {})
      throw new TypeError('inTransaction returned a promise; in memory it must be synchronous. Nothing was written.')
    }
  } finally {
    isOpen = false
  }
}
