/** The results of requests that need more calls to D1 than the limit. */
import type { JsonObject } from '@scimkit/core'
import type { ContractCase } from '@scimkit/testkit'
import { seedStatements } from '../people/seed-users.js'
import {
  type Ask,
  atMost,
  bulkOf,
  type Counted,
  type CountedDatabase,
  countedServer,
  makeUsers,
  resultsOf,
  same,
  titled,
  user,
} from './counted-server.js'

const described = { level: 'MUST', citation: 'ScimKit' } as const
const callsPerRequest = 45

/** The cases, on a database that others may use at the same time, with other tenants. */
export function budgetCases(fresh: () => CountedDatabase): readonly ContractCase[] {
  return [
    {
      ...described,
      id: 'd1-budget-bulk',
      title:
        'a bulk that needs more calls ends early: operations that were not started are 503, the others are done, and a second bulk with the rest completes it',
      run: async () => {
        const database = fresh()
        const ask = await countedServer(database, { callsPerRequest })
        const ids = await makeUsers(ask, 100)
        let left = ids.map((id, i) => ({ method: 'PATCH', path: `/Users/${id}`, data: titled(`title-${i}`) }))
        let requests = 0
        while (left.length > 0) {
          const answer = await ask('POST', '/Bulk', bulkOf(left))
          requests += 1
          atMost('calls', answer.calls, callsPerRequest)
          const results = resultsOf(answer)
          same('results', results.length, left.length)
          const done = results.filter(({ status }) => status === '200').length
          if (done < Math.min(40, left.length)) throw new Error(`expected at least 40 done, got ${done}`)
          for (const refused of results.slice(done)) sayNothingWritten(refused)
          const rest = left.slice(done)
          for (const [i, { path }] of [...left.slice(done - 1, done), ...rest.slice(0, 2)].entries()) {
            const { json } = await ask('GET', path)
            same('title', json.title !== undefined, i === 0)
          }
          left = rest
        }
        same('requests', requests, 3)
      },
    },
    {
      ...described,
      id: 'd1-budget-mixed',
      title: 'when the calls are used up, every kind of operation is rejected, and nothing of it is done',
      run: async () => {
        const ask = await countedServer(fresh(), { callsPerRequest })
        const [id = '', other = '', third = ''] = await makeUsers(ask, 3)
        const operations = [
          ...Array.from({ length: callsPerRequest }, (_, i) => post(`first${i}`)),
          { method: 'PATCH', path: `/Users/${id}`, data: titled('never') },
          { method: 'PUT', path: `/Users/${other}`, data: user('never') },
          { method: 'DELETE', path: `/Users/${third}` },
          post('never'),
        ]
        const answer = await ask('POST', '/Bulk', bulkOf(operations))
        same('calls', answer.calls, callsPerRequest)
        for (const refused of resultsOf(answer).slice(callsPerRequest)) sayNothingWritten(refused)
        const { json } = await ask('GET', '/Users?filter=userName%20sw%20%22user%22%20and%20not%20(title%20pr)')
        same('users as they were', json.totalResults, 3)
        same('made', (await named(ask, 'never')).json.totalResults, 0)
      },
    },
    {
      ...described,
      id: 'd1-budget-circle',
      title: 'a circle of POSTs that needs more than the remaining calls is not started',
      run: async () => {
        const ask = await countedServer(fresh(), { callsPerRequest })
        const circle = Array.from({ length: 4 }, (_, i) => ({
          method: 'POST',
          path: '/Groups',
          bulkId: `g${i}`,
          data: {
            schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
            displayName: `round${i}`,
            members: [{ value: `bulkId:g${(i + 1) % 4}` }],
          },
        }))
        const first = Array.from({ length: callsPerRequest - 6 }, (_, i) => post(`first${i}`))
        const answer = await ask('POST', '/Bulk', bulkOf([...first, ...circle]))
        for (const refused of resultsOf(answer).slice(first.length)) same('status', refused.status, '503')
        same('groups', (await ask('GET', '/Groups?count=0')).json.totalResults, 0)
        const again = await ask('POST', '/Bulk', bulkOf(circle))
        same(
          'statuses',
          resultsOf(again).map(({ status }) => status),
          ['201', '201', '201', '201'],
        )
      },
    },
    {
      ...described,
      id: 'd1-budget-each-request',
      title: 'concurrent requests have separate budgets',
      run: async () => {
        const ask = await countedServer(fresh(), { callsPerRequest })
        const answers = await Promise.all(
          ['a', 'b', 'c', 'd'].map((name) =>
            ask('POST', '/Bulk', bulkOf(Array.from({ length: 40 }, (_, i) => post(`${name}${i}`)))),
          ),
        )
        for (const answer of answers) {
          same('statuses', [...new Set(resultsOf(answer).map(({ status }) => status))], ['201'])
        }
      },
    },
    {
      ...described,
      id: 'd1-budget-scan',
      title: 'a list that needs more calls is 400 tooMany and names the limit; one with a usable index is answered',
      run: async () => {
        const database = fresh()
        const tenant = crypto.randomUUID()
        const ask = await countedServer(database, { callsPerRequest }, tenant)
        for (const { sql, parameters } of seedStatements(tenant, 30_000)) {
          await database.db
            .prepare(sql)
            .bind(...parameters)
            .all()
        }
        const scan = await ask('GET', '/Users?filter=nickName%20co%20%22x%22&count=1')
        same('status', [scan.status, scan.json.scimType], [400, 'tooMany'])
        if (!String(scan.json.detail).includes('callsPerRequest')) throw new Error(String(scan.json.detail))
        atMost('calls', scan.calls, callsPerRequest)
        same('found', (await named(ask, 'User1@example.com')).json.totalResults, 1)
      },
    },
  ]
}

function post(name: string): JsonObject {
  return { method: 'POST', path: '/Users', bulkId: name, data: user(name) }
}

function named(ask: Ask, name: string): Promise<Counted> {
  return ask('GET', `/Users?filter=${encodeURIComponent(`userName eq "${name}"`)}`)
}

function sayNothingWritten({ status, response }: JsonObject): void {
  const { detail } = (response ?? {}) as JsonObject
  if (status === '503' && String(detail).includes('nothing was written')) return
  throw new Error(`expected 503 that says that nothing was written, got ${String(status)} ${String(detail)}`)
}
