import type { MaybePromise, RecordStore } from '@scimkit/core/provider'
import type { ContractCase } from '../bind.js'
import { recordLimitCases } from './limit-cases.js'
import { recordReadCases } from './read-cases.js'
import { recordWriteCases } from './write-cases.js'

/** Options of {@link recordStoreContract}. */
export interface RecordStoreContractOptions {
  /** A second store on the same database, such as one with a connection of its own. Default: the same store. */
  readonly other?: () => MaybePromise<RecordStore>
  /** Rounds of each race. Default 5. */
  readonly rounds?: number
}

/**
 * The contract of a {@link RecordStore}, as cases for any test runner. `make` is called once per case; it may return the same
 * store every time, because each case uses kinds and tenants of its own and leaves its records there. A case removes records
 * that expire in 1970, so the store must have none of others.
 * @example
 * ```ts
 * import { test } from 'node:test'
 * import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
 * import { bind, recordStoreContract } from '@scimkit/testkit'
 *
 * bind({ test }, recordStoreContract(() => sqliteProvider(':memory:').records))
 * ```
 */
export function recordStoreContract(
  make: () => MaybePromise<RecordStore>,
  options: RecordStoreContractOptions = {},
): readonly ContractCase[] {
  return [...recordWriteCases, ...recordReadCases, ...recordLimitCases].map(({ id, title, check }) => ({
    id,
    title,
    level: 'MUST',
    citation: 'ADR 66',
    run: async () => {
      const store = await make()
      const other = (await options.other?.()) ?? store
      const name = crypto.randomUUID().slice(0, 18)
      await check({
        store,
        other,
        kind: `k${name}`,
        kind2: `k${name}-2`,
        tenant: `contract-${name}`,
        tenant2: `contract-${name}-2`,
        rounds: options.rounds ?? 5,
      })
    },
  }))
}
