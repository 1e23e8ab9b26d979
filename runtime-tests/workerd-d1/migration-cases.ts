/** The SQL that `scimkit migrate --print d1` writes, applied as `wrangler d1 migrations apply` does: in one batch. */
import { createScim } from '@scimkit/core'
import { type D1Database, d1MigrationSql, d1Provider } from '@scimkit/sql-provider/d1'
import { type ContractCase, type ExchangeResponse, viaHandler } from '@scimkit/testkit'
import { acmeToken, optionsOf } from '../setups.js'
import { aroundDatabase } from './around-database.js'
import type { Env } from './databases.js'

const indexes = { User: ['name.familyName'] }
// One call reads whether our tables exist, one reads their schema and indexes.
const callsOfTheCheck = 2

/** The guarantees if the host applies the migrations: no request creates a table, and the tables are identical. */
export function migrationCases({ migrated, migratedByFile }: Env): readonly ContractCase[] {
  return [
    {
      id: 'd1-printed-migration',
      title: 'after the printed SQL, `migrations: never` answers its first request after two reads of the schema',
      level: 'MUST',
      citation: 'ScimKit',
      run: async () => {
        for (const _time of [1, 2]) await apply(migratedByFile, d1MigrationSql({ indexes }))
        await d1Provider(migrated, { indexes }).migrate()
        const [byFile, byProvider] = [await schemaOf(migratedByFile), await schemaOf(migrated)]
        if (byFile !== byProvider) throw new Error(`expected ${byProvider}, got ${byFile}`)
        const first = countedServer(migratedByFile)
        const made = await first.send('POST', '/Users', { schemas: [user], userName: `u-${crypto.randomUUID()}` })
        const path = `/Users/${(JSON.parse(made.body) as { id: string }).id}`
        // A server of another isolate, which has not read the schema yet.
        const second = countedServer(migratedByFile)
        for (const expected of [callsOfTheCheck + 1, 1]) {
          const before = second.calls()
          await second.send('GET', path)
          const calls = second.calls() - before
          if (calls !== expected) throw new Error(`expected a GET of ${expected} calls, it took ${calls}`)
        }
      },
    },
    {
      id: 'd1-printed-migration-of-another-schema',
      title: 'the printed SQL of a later step changes nothing in a database at an earlier schema',
      level: 'MUST',
      citation: 'ScimKit',
      run: async () => {
        await apply(migratedByFile, d1MigrationSql({ indexes }))
        await migratedByFile.batch([migratedByFile.prepare("update scim_meta set value = '1' where name = 'schema'")])
        const before = await schemaOf(migratedByFile)
        const refused = await apply(migratedByFile, d1MigrationSql({ from: 2 })).then(
          () => 'applied',
          (error: unknown) => String(error),
        )
        const after = await schemaOf(migratedByFile)
        await apply(migratedByFile, d1MigrationSql({ from: 1 }))
        if (!refused.includes('CHECK constraint failed: ok = 1')) throw new Error(`expected a refusal, got ${refused}`)
        if (after !== before) throw new Error(`expected ${before}, got ${after}`)
      },
    },
  ]
}

async function apply(db: D1Database, text: string): Promise<void> {
  const statements = text.split('\n').filter((line) => line !== '' && !line.startsWith('--'))
  await db.batch(statements.map((statement) => db.prepare(statement)))
}

async function schemaOf(db: D1Database): Promise<string> {
  const texts = "select name, lower(replace(sql, char(10), ' ')) as sql from sqlite_master where name like 'scim%'"
  const [tables, meta] = await db.batch([
    db.prepare(`${texts} order by name`),
    db.prepare('select name, value from scim_meta order by name'),
  ])
  return JSON.stringify([tables?.results, meta?.results]).replace(/ +/g, ' ')
}

function countedServer(db: D1Database) {
  let calls = 0
  const counted = aroundDatabase(db, (call) => {
    calls += 1
    return call()
  })
  const provider = d1Provider(counted, { migrations: 'never', indexes })
  const exchange = viaHandler(createScim(optionsOf('exchange', provider)).handle)
  return {
    calls: () => calls,
    async send(method: string, path: string, body?: object): Promise<ExchangeResponse> {
      const headers = { Authorization: `Bearer ${acmeToken}`, 'Content-Type': 'application/scim+json' }
      const answer = await exchange({ method, path, headers, ...(body && { body: JSON.stringify(body) }) })
      if (answer.status >= 300) throw new Error(`${method}: ${answer.status} ${answer.body}`)
      return answer
    },
  }
}

const user = 'urn:ietf:params:scim:schemas:core:2.0:User'
