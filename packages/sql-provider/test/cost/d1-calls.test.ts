/** How many calls to D1 each operation costs, and the results of requests that need more calls than the limit. */
import { describe, expect, it } from '@jest/globals'
import { tenantId } from '@scimkit/core'
import { documentOnly } from '@scimkit/core/provider'
import { testContext } from '@scimkit/testkit'
import { d1Provider } from '../../src/d1.js'
import { callBudget } from '../../src/driver/call-budget.js'
import { openSqlite } from '../../src/driver/sqlite/connection.js'
import { budgetCases } from '../support/calls/budget-cases.js'
import type { CountedDatabase } from '../support/calls/counted-server.js'
import { operationCases } from '../support/calls/operation-cases.js'
import { fakeD1 } from '../support/edge/fake-d1.js'

function fresh(): CountedDatabase {
  const db = fakeD1(openSqlite(':memory:'))
  return { db, open: (options) => d1Provider(db, options), calls: () => db.calls.length }
}

describe('calls', () => {
  for (const { title, run } of [...operationCases(fresh), ...budgetCases(fresh)]) it(title, run)
})

describe('the budget of a request', () => {
  it('reserves its last call for a write', () => {
    const budget = callBudget(3)
    budget.read()
    budget.read()
    expect(() => budget.read()).toThrow('callsPerRequest')
    budget.write()
    expect(() => budget.write()).toThrow('callsPerRequest')
    expect(budget.used).toBe(3)
  })

  it('does not count calls outside of a request', async () => {
    const { db, calls } = fresh()
    const provider = d1Provider(db, { callsPerRequest: 40 })
    const context = testContext(tenantId('outside'))
    for (let i = 0; i < 60; i++) await provider.read({ type: 'User', id: 'nobody' }, documentOnly, context)
    expect(calls()).toBeGreaterThan(60)
  })

  it.each([0, 39, 45.5, Number.NaN])('of %s calls is rejected', (callsPerRequest) => {
    expect(() => d1Provider(fresh().db, { callsPerRequest })).toThrow(/callsPerRequest: expected/)
  })

  it('is enough to create the tables in the first request', async () => {
    const { db, calls } = fresh()
    const provider = d1Provider(db, { callsPerRequest: 45 })
    const context = { ...testContext(tenantId('first')), request: {} }
    expect(await provider.read({ type: 'User', id: 'nobody' }, documentOnly, context)).toBeUndefined()
    expect(calls()).toBeLessThan(45)
  })
})
