/** Reindexing after a change of the indexed attributes, in a database that can neither lock out other clients nor roll back. */
import { createScim } from '@scimkit/core'
import { type D1Database, type D1ProviderOptions, d1Provider } from '@scimkit/sql-provider/d1'
import { type ContractCase, type Exchange, type ExchangeResponse, viaHandler, withHeaders } from '@scimkit/testkit'
import { acmeToken, optionsOf } from '../setups.js'
import { cutDatabase } from './cut-database.js'
import type { Env } from './databases.js'

const schema = 'urn:ietf:params:scim:schemas:core:2.0:User'
const users = 12
const byFamilyName: D1ProviderOptions = { indexes: { User: ['name.familyName'] } }
const byTitle: D1ProviderOptions = { indexes: { User: ['title'] } }

/** Cases that must hold for every number of concurrent processes, and for every point of interruption. */
export function reindexCases({ reindexed, reindexedInParts }: Env): readonly ContractCase[] {
  const described = { level: 'MUST', citation: 'ScimKit' } as const
  return [
    {
      ...described,
      id: 'd1-reindex-together',
      title: 'isolates that reindex at the same time all succeed, and every key exists once',
      run: async () => {
        await fill(reindexed, {})
        // Providers of one isolate that share no state.
        const concurrent = Array.from({ length: 6 }, (_, i) => ({ ...byFamilyName, answerMilliseconds: 20_000 + i }))
        await Promise.all(concurrent.map((options) => d1Provider(reindexed, options).migrate()))
        await ensureKeys(reindexed, byFamilyName)
      },
    },
    {
      ...described,
      id: 'd1-reindex-in-parts',
      title: 'a reindexing that is interrupted at any point and repeated leaves every key once',
      run: async () => {
        await fill(reindexedInParts, byFamilyName)
        let ways = [byTitle, byFamilyName] as const
        for (let calls = 1; ; calls++) {
          const [way, back] = ways
          const whole = await d1Provider(cutDatabase(reindexedInParts, calls), way)
            .migrate()
            .then(
              () => true,
              () => false,
            )
          await d1Provider(reindexedInParts, way).migrate()
          await ensureKeys(reindexedInParts, way)
          if (whole) return
          ways = [back, way]
        }
      },
    },
  ]
}

function serverOn(db: D1Database, options: D1ProviderOptions): Exchange {
  const scim = createScim(optionsOf('exchange', d1Provider(db, options)))
  return withHeaders(viaHandler(scim.handle), {
    Authorization: `Bearer ${acmeToken}`,
    'Content-Type': 'application/scim+json',
  })
}

function create(exchange: Exchange, i: number): Promise<ExchangeResponse> {
  const user = { schemas: [schema], userName: `user-${i}`, title: `title-${i}`, name: { familyName: `family-${i}` } }
  return exchange({ method: 'POST', path: '/Users', body: JSON.stringify(user) })
}

async function fill(db: D1Database, options: D1ProviderOptions): Promise<void> {
  const exchange = serverOn(db, options)
  for (let i = 0; i < users; i++) ensure(201, await create(exchange, i))
}

async function ensureKeys(db: D1Database, options: D1ProviderOptions): Promise<void> {
  const exchange = serverOn(db, options)
  for (let i = 0; i < users; i++) {
    ensure(409, await create(exchange, i))
    for (const filter of [`userName eq "user-${i}"`, `title eq "title-${i}"`, `name.familyName eq "family-${i}"`]) {
      const answer = await exchange({ method: 'GET', path: `/Users?filter=${encodeURIComponent(filter)}` })
      ensure(200, answer)
      const { totalResults } = JSON.parse(answer.body) as { totalResults: number }
      if (totalResults !== 1) throw new Error(`${filter}: expected one user, found ${totalResults}`)
    }
  }
}

function ensure(status: number, answer: ExchangeResponse): void {
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status} ${answer.body}`)
}
