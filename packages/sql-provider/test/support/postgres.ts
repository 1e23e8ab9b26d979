/** Databases for tests, on the server that `npm test` has started, or that SCIMKIT_TEST_POSTGRES names. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, test } from '@jest/globals'
import pg from 'pg'

const server = process.env.SCIMKIT_TEST_POSTGRES
const howTo = 'run it by `npm test`, or set SCIMKIT_TEST_POSTGRES=postgres://…'

/**
 * A `describe` with its own database, whose connection string is the argument of `body`; the database exists while its tests run.
 * Without a server the tests are skipped; in CI that is a failure.
 */
export function describePostgres(name: string, body: (url: string) => void): void {
  if (server === undefined && process.env.CI === 'true') {
    describe(name, () => {
      test('has a PostgreSQL', () => {
        throw new Error(`There is no PostgreSQL: ${howTo}.`)
      })
    })
    return
  }
  if (server === undefined) {
    describe.skip(`${name} (skipped, there is no PostgreSQL: ${howTo})`, () => body('postgres://nobody@127.0.0.1:1/'))
    return
  }
  const database = `scimkit_test_${randomBytes(8).toString('hex')}`
  const url = new URL(server)
  url.pathname = `/${database}`
  describe(name, () => {
    beforeAll(() => create(server, database))
    afterAll(() => administer(server, [`drop database ${database} with (force)`]))
    body(url.href)
  })
}

// Like a database of a host: with a language, not with the C locale, which has the text order of the provider.
async function create(url: string, database: string): Promise<void> {
  const icu = await administer(url, [
    "select current_setting('server_version_num')::int >= 150000 as new, exists (select from pg_collation where collprovider = 'i') as icu",
  ])
  const locale = icu.every(({ new: isNew, icu: has }) => isNew === true && has === true)
    ? " locale_provider icu icu_locale 'en-US' locale 'C'"
    : ''
  await administer(url, [`create database ${database} template template0 encoding 'UTF8'${locale}`])
}

/** Runs statements on a separate connection, outside of the tested code; returns the rows of the last one. */
export async function administer(
  url: string,
  statements: readonly string[],
): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    let rows: readonly Record<string, unknown>[] = []
    for (const statement of statements) rows = (await client.query<Record<string, unknown>>(statement)).rows
    return rows
  } finally {
    await client.end()
  }
}

/**
 * Waits until a session of the database is in `pg_sleep`; returns the ids of those server processes. Throws if there is none within
 * ten seconds.
 */
export async function untilAsleep(url: string): Promise<readonly number[]> {
  const asleep = "select pid from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'"
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const deadline = performance.now() + 10_000; performance.now() < deadline; ) {
      const { rows } = await client.query<{ pid: number }>(asleep)
      if (rows.length > 0) return rows.map(({ pid }) => pid)
    }
    throw new Error('no session in pg_sleep')
  } finally {
    await client.end()
  }
}
