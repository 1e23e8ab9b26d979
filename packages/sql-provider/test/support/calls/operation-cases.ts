/** How many calls to D1 each operation costs. The guide has these figures. */
import type { JsonObject } from '@scimkit/core'
import type { ContractCase } from '@scimkit/testkit'
import {
  atMost,
  bulkOf,
  type CountedDatabase,
  countedServer,
  groupUrn,
  makeUsers,
  patchOf,
  resultsOf,
  same,
  titled,
  user,
} from './counted-server.js'

const described = { level: 'MUST', citation: 'ScimKit' } as const

/** The cases, on a database that others may use at the same time, with other tenants. */
export function operationCases(fresh: () => CountedDatabase): readonly ContractCase[] {
  return [
    {
      ...described,
      id: 'd1-calls-single',
      title:
        'single operations: one call for a read, a create or a lookup, two for a change; more if members are returned',
      run: async () => {
        const ask = await countedServer(fresh())
        const [id = '', other = ''] = await makeUsers(ask, 2)
        const member = patchOf({ op: 'add', path: 'members', value: [{ value: other }] })
        const group = { schemas: [groupUrn], displayName: 'all', members: [{ value: id }] }
        const made = await ask('POST', '/Groups', group)
        const path = `/Groups/${String(made.json.id)}`
        const found: Record<string, number> = { 'POST of a group': made.calls }
        const count = async (what: string, method: string, at: string, body?: JsonObject): Promise<void> => {
          const { status, json, calls } = await ask(method, at, body)
          if (status >= 300) throw new Error(`${what}: ${status} ${JSON.stringify(json)}`)
          found[what] = calls
        }
        await count('POST', 'POST', '/Users', user('new'))
        const repeated = async (what: string): Promise<void> => {
          const { calls } = await ask('POST', '/Users', user('keyed'), { 'Idempotency-Key': 'k' })
          found[what] = calls
        }
        await repeated('POST with Idempotency-Key')
        await repeated('the same again')
        await count('GET', 'GET', `/Users/${id}?excludedAttributes=groups`)
        await count('GET with groups', 'GET', `/Users/${id}`)
        await count('PATCH', 'PATCH', `/Users/${id}`, titled('one'))
        await count('PATCH that changes nothing', 'PATCH', `/Users/${id}`, titled('one'))
        await count('PUT', 'PUT', `/Users/${id}`, user('user0', { title: 'two' }))
        await count('GET of a group without members', 'GET', `${path}?excludedAttributes=members`)
        await count('GET of a group', 'GET', path)
        await count('PATCH that adds a member', 'PATCH', path, member)
        await count('PUT of a group', 'PUT', path, group)
        await count('look-up by userName', 'GET', '/Users?filter=userName%20eq%20%22user1%22&excludedAttributes=groups')
        await count('list', 'GET', '/Users?excludedAttributes=groups')
        await count('DELETE', 'DELETE', `/Users/${other}`)
        same('calls', found, {
          'POST of a group': 2,
          POST: 1,
          'POST with Idempotency-Key': 2,
          'the same again': 2,
          GET: 1,
          'GET with groups': 1,
          PATCH: 2,
          'PATCH that changes nothing': 2,
          PUT: 2,
          'GET of a group without members': 1,
          'GET of a group': 1,
          'PATCH that adds a member': 4,
          'PUT of a group': 4,
          'look-up by userName': 1,
          list: 1,
          DELETE: 2,
        })
      },
    },
    ...(['PATCH', 'PUT', 'DELETE'] as const).map((method) => ({
      ...described,
      id: `d1-calls-bulk-${method.toLowerCase()}`,
      title: `a bulk of 200 ${method}: one call for each, and one for each hundred resources`,
      run: async () => {
        const ask = await countedServer(fresh())
        const ids = await makeUsers(ask, 200)
        const data = (i: number): JsonObject =>
          method === 'PATCH' ? titled(`t${i}`) : user(`user${i}`, { title: `t${i}` })
        const operations = ids.map((id, i) => ({
          method,
          path: `/Users/${id}`,
          ...(method !== 'DELETE' && { data: data(i) }),
        }))
        const answer = await ask('POST', '/Bulk', bulkOf(operations))
        const done = method === 'DELETE' ? '204' : '200'
        same('statuses', [...new Set(resultsOf(answer).map(({ status }) => status))], [done])
        atMost('calls', answer.calls, 202)
        const last = await ask('GET', `/Users/${String(ids.at(-1))}`)
        same('the last one', last.json.title, method === 'DELETE' ? undefined : 't199')
      },
    })),
    {
      ...described,
      id: 'd1-calls-bulk-post',
      title: 'a bulk of 200 POST: one call for each',
      run: async () => {
        const ask = await countedServer(fresh())
        const operations = Array.from({ length: 200 }, (_, i) => ({
          method: 'POST',
          path: '/Users',
          bulkId: `b${i}`,
          data: user(`user${i}`),
        }))
        const answer = await ask('POST', '/Bulk', bulkOf(operations))
        same('statuses', [...new Set(resultsOf(answer).map(({ status }) => status))], ['201'])
        atMost('calls', answer.calls, 200)
      },
    },
    {
      ...described,
      id: 'd1-calls-bulk-twice',
      title: 'a bulk that changes one user three times: each operation sees the result of the previous one',
      run: async () => {
        const ask = await countedServer(fresh())
        const [id = '', other = ''] = await makeUsers(ask, 2)
        const emails = (value: string): JsonObject => patchOf({ op: 'add', path: 'emails', value: [{ value }] })
        const path = `/Users/${id}`
        const answer = await ask(
          'POST',
          '/Bulk',
          bulkOf([
            { method: 'PATCH', path, data: emails('a@example.com') },
            { method: 'PATCH', path: `/Users/${other}`, data: titled('x') },
            { method: 'PATCH', path, data: emails('b@example.com') },
            { method: 'PATCH', path, data: emails('a@example.com') },
          ]),
        )
        same(
          'statuses',
          resultsOf(answer).map(({ status }) => status),
          ['200', '200', '200', '200'],
        )
        const { json } = await ask('GET', path)
        const values = (json.emails as readonly JsonObject[]).map(({ value }) => value)
        same('emails', values, ['a@example.com', 'b@example.com'])
      },
    },
    {
      ...described,
      id: 'd1-calls-many-terms',
      title: 'a filter of 100 names or ids: at most three calls, with any other conditions',
      run: async () => {
        const ask = await countedServer(fresh())
        const ids = await makeUsers(ask, 150)
        const orOf = (term: (i: number) => string): string =>
          Array.from({ length: 100 }, (_, i) => term(i)).join(' or ')
        const filters = [
          orOf((i) => `userName eq "user${i}"`),
          orOf((i) => `id eq "${ids[i]}"`),
          orOf((i) => (i % 2 === 0 ? `id eq "${ids[i]}"` : `userName eq "USER${i}"`)),
        ]
        for (const filter of filters) {
          const path = `/Users?attributes=userName&count=200&filter=${encodeURIComponent(filter)}`
          const { json, calls } = await ask('GET', path)
          same('found', json.totalResults, 100)
          atMost('calls', calls, 3)
        }
      },
    },
  ]
}
