/**
 * A limit of resources in a tenant: a create beyond it is refused, in words for the administrator of an identity provider.
 * @see RFC 7644 §3.12 (table 8, 403); ADR 61
 */
import type { Answer } from '../answer.js'
import { bulk, expectResultError, expectStatuses, newUser, removal } from '../bulk-operations.js'
import { type Client, groupBody, type Headers, uniqueName, userBody } from '../client.js'
import { expectError, expectSame, expectStatus } from '../expect.js'
import { must, on, type WireCase } from '../wire-case.js'

const citation = 'RFC 7644 §3.12 (table 8, 403); ADR 61'
const limit = 3
const full = 'The limit of 3 resources of type User is reached; nothing was created.'

/** A tenant of the case alone. */
function ownTenant(): Headers {
  return { 'X-Tenant': uniqueName('quota') }
}

async function fill(client: Client, tenant: Headers): Promise<readonly string[]> {
  const paths: string[] = []
  for (let i = 0; i < limit; i++) {
    paths.push(`/Users/${expectStatus(await client.post('/Users', userBody(), tenant), 201).json.id}`)
  }
  return paths
}

function expectFull(answer: Answer, detail = full): void {
  expectSame(expectError(answer, 403).json.detail, detail, `${answer.about}: detail`)
}

async function expectTotal(client: Client, tenant: Headers, total: number): Promise<void> {
  expectStatus(await client.get('/Users?count=0', tenant), 200, { totalResults: total })
}

/** Quotas of users and groups. */
export const quotas: readonly WireCase[] = on('limitsResources', [
  must(
    'quota-403',
    'a POST beyond the limit is 403 without scimType, names limit and type, and creates nothing; a limit of 0 permits none',
    citation,
    async (client) => {
      const tenant = ownTenant()
      await fill(client, tenant)
      expectFull(await client.post('/Users', userBody(), tenant))
      await expectTotal(client, tenant, limit)
      const none = 'The limit of 0 resources of type Group is reached; nothing was created.'
      expectFull(await client.post('/Groups', groupBody(), tenant), none)
    },
  ),
  must('quota-freed-by-delete', 'a DELETE frees a place, a PUT needs none', citation, async (client) => {
    const tenant = ownTenant()
    const [first = '', second = ''] = await fill(client, tenant)
    expectStatus(await client.put(second, userBody(), tenant), 200)
    expectStatus(await client.remove(first, tenant), 204)
    expectStatus(await client.post('/Users', userBody(), tenant), 201)
    expectFull(await client.post('/Users', userBody(), tenant))
  }),
  must('quota-of-each-tenant', 'each tenant has its own limit', citation, async (client) => {
    await fill(client, ownTenant())
    await fill(client, ownTenant())
  }),
  must(
    'quota-after-uniqueness',
    'at the limit too, a userName that exists is 409 uniqueness: identity providers then look the user up',
    `${citation}; RFC 7644 §3.3`,
    async (client) => {
      const tenant = ownTenant()
      const body = userBody()
      expectStatus(await client.post('/Users', body, tenant), 201)
      for (let i = 1; i < limit; i++) expectStatus(await client.post('/Users', userBody(), tenant), 201)
      expectError(await client.post('/Users', body, tenant), 409, 'uniqueness')
    },
  ),
  must(
    'quota-in-bulk',
    'in a bulk request the operation beyond the limit is 403, and the others are carried out',
    `${citation}; RFC 7644 §3.7.3`,
    async (client) => {
      const tenant = ownTenant()
      const [first = ''] = await fill(client, tenant)
      const operations = [newUser('a'), removal(first), newUser('b')]
      const answer = await bulk(client, operations, {}, tenant)
      expectStatuses(answer, ['403', '204', '201'])
      expectSame(expectResultError(answer, 0, '403').detail, full, 'detail')
      await expectTotal(client, tenant, limit)
    },
  ),
  must('quota-race', '20 concurrent POSTs: as many succeed as the limit has', `${citation}; REL-5`, async (client) => {
    const tenant = ownTenant()
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.post('/Users', userBody(), tenant)))
    for (const answer of answers) if (answer.status !== 201) expectFull(answer)
    expectSame(answers.filter(({ status }) => status === 201).length, limit, 'created')
    await expectTotal(client, tenant, limit)
  }),
])
