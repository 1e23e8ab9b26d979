/** How many calls to D1 each operation costs, and the results of requests that need more calls than they may make. */
import { d1Provider } from '@scimkit/sql-provider/d1'
import type { ContractCase } from '@scimkit/testkit'
import { budgetCases } from '../../packages/sql-provider/test/support/calls/budget-cases.js'
import type { CountedDatabase } from '../../packages/sql-provider/test/support/calls/counted-server.js'
import { operationCases } from '../../packages/sql-provider/test/support/calls/operation-cases.js'
import { aroundDatabase } from './around-database.js'
import type { Env } from './databases.js'

/** Each case has its own tenant and count. */
export function callCases({ counted }: Env): readonly ContractCase[] {
  const fresh = (): CountedDatabase => {
    let calls = 0
    const db = aroundDatabase(counted, (call) => {
      calls += 1
      return call()
    })
    return { db, open: (options) => d1Provider(db, options), calls: () => calls }
  }
  return [...operationCases(fresh), ...budgetCases(fresh)]
}
