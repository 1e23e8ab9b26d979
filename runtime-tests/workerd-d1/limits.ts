/** Limits of D1 that SQLite does not have, reached by requests that are within the limits of SCIM here. */
import type { ContractCase, ExchangeRequest, ExchangeResponse } from '@scimkit/testkit'
import { acmeToken } from '../setups.js'
import { twoIsolates } from './two-isolates.js'

const user = 'urn:ietf:params:scim:schemas:core:2.0:User'
const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const headers = { Authorization: `Bearer ${acmeToken}`, 'Content-Type': 'application/scim+json' }

/** `term(0) or term(1) or …`. */
const some = (count: number, term: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => term(i)).join(' or ')

const four = <Value>(value: (i: number) => Value): readonly Value[] => [0, 1, 2, 3].map(value)

/** As many comparisons as a filter may have. */
const hundred = (term: (i: number) => string): string => some(100, term)

/** As many value paths as a filter may have. */
const twenty = (term: (i: number) => string): string => some(20, term)

const filters: readonly (readonly [id: string, title: string, filter: string])[] = [
  ['indexed', '100 comparisons of an indexed attribute', hundred((i) => `userName eq "${i}"`)],
  ...[5, 6, 12, 20].flatMap((count) => [
    [`names-${count}`, `${count} names`, some(count, (i) => `userName eq "${i}"`)] as const,
    [`ids-${count}`, `${count} ids`, some(count, (i) => `id eq "${i}"`)] as const,
  ]),
  ['groups', '7 groups', some(7, (i) => `groups eq "${i}"`)],
  ['unindexed', '100 comparisons of another attribute', hundred((i) => `title eq "${i}"`)],
  ['conjunction', '100 comparisons that must all hold', hundred((i) => `title eq "${i}"`).replaceAll(' or ', ' and ')],
  ['contains', '100 searches in texts', hundred((i) => `title co "${i}"`)],
  ['brackets', '20 value paths', twenty((i) => `emails[value eq "${i}" and type eq "work"]`)],
  ['nots', '19 levels of not', `${'not ('.repeat(19)}title pr${')'.repeat(19)}`],
  ['long-text', 'a long text to search for', `userName co "${'x'.repeat(2_000)}"`],
  ['wildcards', 'a long text of wildcards to search for', `userName co "${'%_*?['.repeat(400)}"`],
]

/** 100 parameters, expressions 100 deep, compounds of 5, patterns of 50 bytes, 2 MB in a value: clients do not notice these limits. */
export function limitsOfD1(urls: readonly [URL, URL]): readonly ContractCase[] {
  const exchange = twoIsolates(urls, '/exchange/scim/v2')
  const send = (request: ExchangeRequest): Promise<ExchangeResponse> => exchange({ headers, ...request })
  const described = { level: 'MUST', citation: 'ScimKit' } as const
  return [
    ...filters.map(([id, title, filter]) => ({
      ...described,
      id: `d1-filter-${id}`,
      title: `a filter with ${title} is answered`,
      run: async () => {
        const { status, body } = await send({ method: 'GET', path: `/Users?filter=${encodeURIComponent(filter)}` })
        if (status !== 200) throw new Error(`expected 200, got ${status} ${body}`)
      },
    })),
    {
      ...described,
      id: 'd1-limits-row',
      title: 'a PATCH by which a user exceeds a row of D1 is 400 with the limit named, and the user is unchanged',
      run: async () => {
        const body = JSON.stringify({ schemas: [user], userName: `grown-${crypto.randomUUID()}` })
        const made = await send({ method: 'POST', path: '/Users', body })
        const path = `/Users/${(JSON.parse(made.body) as { id: string }).id}`
        const grow = (part: number) => {
          const value = four((i) => ({ value: `${part}${i}${'漢'.repeat(65_000)}` }))
          const Operations = [{ op: 'add', path: 'photos', value }]
          return send({ method: 'PATCH', path, body: JSON.stringify({ schemas: [patchOp], Operations }) })
        }
        for (const part of [1, 2]) {
          const { status } = await grow(part)
          if (status !== 200 && status !== 204) throw new Error(`expected success, got ${status}`)
        }
        const before = await send({ method: 'GET', path: `${path}?attributes=userName` })
        const { status, body: refusal, headers: answered } = await grow(3)
        const named = refusal.includes('2000000 bytes, the limit of Cloudflare')
        if (status !== 400 || !named || answered['retry-after'] !== undefined)
          throw new Error(`expected 400 with the limit, got ${status} ${refusal.slice(0, 500)}`)
        const after = await send({ method: 'GET', path: `${path}?attributes=userName` })
        if (before.headers.etag !== after.headers.etag) throw new Error('it has changed')
      },
    },
    {
      ...described,
      id: 'd1-limits-document',
      title: 'a user as large as a body may be, with an index entry for each value: 201, and found by the last value',
      run: async () => {
        const userName = `large-${crypto.randomUUID()}`
        const emails = Array.from({ length: 5_000 }, (_, i) => ({
          value: `${`LARGE${i}`.padEnd(180, 'X')}@example.com`,
        }))
        const body = JSON.stringify({ schemas: [user], userName, emails })
        const made = await send({ method: 'POST', path: '/Users', body })
        if (made.status !== 201) throw new Error(`expected 201, got ${made.status} ${made.body.slice(0, 500)}`)
        const filter = `emails.value eq "${emails.at(-1)?.value.toLowerCase()}"`
        const path = `/Users?attributes=userName&filter=${encodeURIComponent(filter)}`
        const found = await send({ method: 'GET', path })
        if (!found.body.includes(userName)) throw new Error(`expected to find it, got ${found.body.slice(0, 500)}`)
      },
    },
  ]
}
