import type { InTransaction, Next, Removal, ResourceProvider } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import type { BrokenProvider } from './broken-provider.js'

/** A memory provider whose writes get other code of the host. */
function withCode(change: (code: InTransaction) => InTransaction | undefined): ResourceProvider {
  const inner = memoryProvider()
  const changed = <Write extends Next | Removal>({ inTransaction, ...write }: Write): Write => {
    const code = inTransaction && change(inTransaction)
    return { ...write, ...(code !== undefined && { inTransaction: code }) } as unknown as Write
  }
  return {
    ...inner,
    insert: (ref, next, context) => inner.insert(ref, changed(next), context),
    replace: (ref, expected, next, context) => inner.replace(ref, expected, changed(next), context),
    remove: (ref, expected, removal, context) => inner.remove(ref, expected, changed(removal), context),
  }
}

const openUnit = { run: (work: unknown) => (typeof work === 'function' ? work() : undefined) } as never

/** A memory provider that runs the code of the host outside of the write, before it or after it. */
function outside(order: 'before' | 'after'): ResourceProvider {
  const inner = memoryProvider()
  const around = async <Result>({ inTransaction }: Next | Removal, write: () => Result): Promise<Awaited<Result>> => {
    if (order === 'before') inTransaction?.(openUnit)
    const result = await write()
    if (order === 'after') inTransaction?.(openUnit)
    return result
  }
  const plain = <Write extends Next | Removal>({ inTransaction: _, ...write }: Write): Write => write as Write
  return {
    ...inner,
    insert: (ref, next, context) => around(next, () => inner.insert(ref, plain(next), context)),
    replace: (ref, expected, next, context) => around(next, () => inner.replace(ref, expected, plain(next), context)),
    remove: (ref, expected, removal, context) =>
      around(removal, () => inner.remove(ref, expected, plain(removal), context)),
  }
}

/** Providers that run the host's code outside of the unit of a write, or not once for each commit. */
export const wrongUnits: readonly BrokenProvider[] = [
  { name: 'never runs the code of the host', caughtBy: ['unit-commits'], make: () => withCode(() => undefined) },
  {
    name: 'runs the code of the host before the write',
    caughtBy: ['unit-refused', 'unit-once'],
    make: () => outside('before'),
  },
  {
    name: 'runs the code of the host after the commit',
    caughtBy: ['unit-error', 'unit-refused'],
    make: () => outside('after'),
  },
  {
    name: 'commits although the code of the host failed',
    caughtBy: ['unit-error'],
    make: () =>
      withCode((code) => (unit) => {
        try {
          return code(unit)
        } catch {
          return undefined
        }
      }),
  },
  {
    name: 'runs the code of the host twice in one unit',
    caughtBy: ['unit-once'],
    make: () =>
      withCode((code) => (unit) => {
        code(unit)
        return code(unit)
      }),
  },
  { name: 'leaves the unit open', caughtBy: ['unit-ends'], make: () => withCode((code) => () => code(openUnit)) },
  {
    name: 'does not wait for the code of the host',
    caughtBy: ['unit-waits-or-refuses'],
    make: () =>
      withCode((code) => (unit) => {
        // Handled here, so that the process survives.
        Promise.resolve(code(unit)).catch(() => {})
      }),
  },
]
