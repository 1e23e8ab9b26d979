/**
 * PostgreSQL servers that crash and that change roles: no acknowledged write is lost, no two writes succeed with the same tag, no
 * standby decides a precondition. Few rounds here, many with SCIMKIT_EFFORT=full.
 */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { createScim, noAuthentication } from '@scimkit/core'
import { type Exchange, viaHandler } from '@scimkit/testkit'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { effort } from '../../../testkit/test/support/effort.js'
import { kyselyProvider } from '../../src/kysely.js'
import { postgresProvider } from '../../src/postgres.js'
import type { SqlProvider } from '../../src/provider.js'
import { type MovableAddress, movableAddress } from '../support/movable-address.js'
import { administer } from '../support/postgres.js'
import { canRunPostgres, type OwnPostgres, ownPostgres } from '../support/postgres-pair.js'
import { pause } from '../support/postgres-statements.js'
import { type LoadClient, loadClient, writeWithoutPause } from '../support/switchover-load.js'

const rounds = effort === 'full' ? 20 : 1
if (effort === 'short') jest.setTimeout(60_000)
const describeOwn = canRunPostgres ? describe : describe.skip

const type = { 'Content-Type': 'application/scim+json' }
const user = (userName: string, title: string): string =>
  JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName, title })
const over = (provider: SqlProvider): Exchange =>
  viaHandler(createScim({ provider, authenticate: noAuthentication(), onError: () => {} }).handle)

interface Made {
  readonly path: string
  readonly tag: string
}

async function create(exchange: Exchange, name: string): Promise<Made> {
  const { status, headers, body } = await exchange({
    method: 'POST',
    path: '/Users',
    headers: type,
    body: user(name, '0'),
  })
  if (status !== 201) throw new Error(`not made: ${status} ${body}`)
  return { path: `/Users/${JSON.parse(body).id}`, tag: headers.etag ?? '' }
}

const put = (exchange: Exchange, { path, tag }: Made, name: string, title: string): ReturnType<Exchange> =>
  exchange({ method: 'PUT', path, headers: { ...type, 'If-Match': tag }, body: user(name, title) })

/** Providers with each kind of connection to the database. */
function providersAt(
  url: string,
): readonly { readonly name: string; readonly provider: SqlProvider; end(): Promise<void> }[] {
  const pool = new pg.Pool({ connectionString: url, max: 4 })
  // Kysely cannot close a connection, so the pool must not keep one forever.
  const hosts = new pg.Pool({ connectionString: url, max: 4, maxLifetimeSeconds: 2 })
  pool.on('error', () => {})
  hosts.on('error', () => {})
  // A connection that Kysely has borrowed has no listener for errors.
  hosts.on('connect', (client) => client.on('error', () => {}))
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: hosts }) })
  return [
    { name: 'a pool of our own', provider: postgresProvider(url), end: async () => {} },
    { name: 'behind a pooler', provider: postgresProvider(url, { prepare: false }), end: async () => {} },
    { name: 'a pool of the host', provider: postgresProvider(pool), end: () => pool.end() },
    { name: 'Kysely', provider: kyselyProvider(db, { dialect: 'postgres' }), end: () => db.destroy() },
  ]
}

describeOwn('immediate restarts with synchronous_commit = off on the database', () => {
  let server: OwnPostgres
  beforeAll(async () => {
    // The server itself writes only every 10 seconds: a write that is not on disk when it is acknowledged is lost.
    server = await ownPostgres({ wal_writer_delay: '10000ms' })
    await administer(server.url, ['alter database postgres set synchronous_commit = off'])
  })
  afterAll(() => server.remove())

  test(`${rounds} of them: 0 acknowledged writes lost, 0 tags with two winners`, async () => {
    const providers = providersAt(server.url)
    for (let round = 0; round < rounds; round++) {
      const acknowledged = new Map<string, { readonly tag: string; readonly title: string }>()
      const used = new Map<string, string>()
      const doubles: string[] = []
      const write = async (exchange: Exchange, name: string): Promise<void> => {
        let held = await create(exchange, name).catch(() => undefined)
        for (let title = 1; held !== undefined && title < 10_000; title++) {
          acknowledged.set(held.path, { tag: held.tag, title: String(title - 1) })
          const answer = await put(exchange, held, name, String(title))
          if (answer.status !== 200) return
          used.set(`${held.path} ${held.tag}`, String(title))
          held = { path: held.path, tag: answer.headers.etag ?? '' }
        }
      }
      const writing = providers.flatMap(({ name, provider }) =>
        [1, 2].map((i) => write(over(provider), `${round} ${name} ${i}`)),
      )
      await pause(effort === 'full' ? 1_500 : 600)
      await server.stop('immediate')
      await Promise.all(writing)
      await server.start()
      const exchange = over(providers[0]?.provider ?? postgresProvider(server.url))
      const lost: string[] = []
      for (const [path, { tag, title }] of acknowledged) {
        const { status, body } = await exchange({ method: 'GET', path })
        // A write that was not acknowledged may be stored.
        const seen = status === 200 ? Number(JSON.parse(body).title) : -1
        if (seen < Number(title)) lost.push(`${path}: acknowledged ${title}, seen ${seen}`)
        for (const [key] of used) {
          const [usedPath, usedTag = ''] = key.split(' ')
          if (usedPath !== path || usedTag === tag) continue
          const again = await put(exchange, { path, tag: key.slice(path.length + 1) }, 'x', 'again')
          if (again.status === 200) doubles.push(key)
          break
        }
      }
      expect([lost, doubles]).toEqual([[], []])
      expect(acknowledged.size).toBeGreaterThan(2)
    }
    for (const { provider, end } of providers) {
      await provider.close()
      await end()
    }
  })
})

describeOwn('a switchover after which the old primary is a standby', () => {
  let [old, next]: OwnPostgres[] = []
  let address: MovableAddress
  beforeAll(async () => {
    ;[old, next] = await Promise.all([ownPostgres(), ownPostgres()])
    address = await movableAddress(old.port)
  })
  afterAll(async () => {
    await address.close()
    await old?.remove()
    await next?.remove()
  })

  test(`${rounds} of them: writes within 5 s of the move, 0 false 412, 0 answers of a standby, 0 lost`, async () => {
    const providers = providersAt(address.url)
    for (let round = 0; round < rounds; round++) {
      if (old === undefined || next === undefined) throw new Error('no servers')
      await next.follow(old)
      const made = new Map<string, Made>()
      for (const { name, provider } of providers) made.set(name, await create(over(provider), `${round} ${name}`))
      // A planned switchover: the standby has all acknowledged writes.
      await old.stop('fast')
      await next.promote()
      await old.follow(next)
      await administer(old.url, ['select pg_wal_replay_pause()'])
      const direct = postgresProvider(next.url)
      for (const { name } of providers) {
        const held = made.get(name)
        if (held === undefined) throw new Error(name)
        const { status, headers } = await put(over(direct), held, `${round} ${name}`, 'newer')
        expect([name, status]).toEqual([name, 200])
        made.set(name, { path: held.path, tag: headers.etag ?? '' })
      }
      await direct.close()
      // The address still leads to the old primary, which is a standby now and does not know the newest tags.
      for (const { name, provider } of providers) {
        const held = made.get(name)
        if (held === undefined) throw new Error(name)
        const exchange = over(provider)
        for (const answer of [
          await put(exchange, held, `${round} ${name}`, 'by a standby'),
          await exchange({ method: 'GET', path: held.path, headers: { 'If-None-Match': held.tag } }),
          await exchange({ method: 'GET', path: '/Users/nothing' }),
          await exchange({ method: 'DELETE', path: held.path, headers: { 'If-Match': held.tag } }),
        ]) {
          expect([name, answer.status]).toEqual([name, 503])
        }
      }
      address.moveTo(next.port)
      const moved = performance.now()
      for (const { name, provider } of providers) {
        const held = made.get(name)
        if (held === undefined) throw new Error(name)
        const statuses: number[] = []
        while (statuses.at(-1) !== 200 && performance.now() - moved < 5_000) {
          const { status } = await put(over(provider), held, `${round} ${name}`, 'after the move')
          statuses.push(status)
          if (status !== 200) await pause(100)
        }
        expect([name, statuses.filter((status) => status !== 503)]).toEqual([name, [200]])
      }
      ;[old, next] = [next, old]
    }
    for (const { provider, end } of providers) {
      await provider.close()
      await end()
    }
  })
})

describeOwn('a switchover under continuous load', () => {
  const switchovers = effort === 'full' ? 5 : 1
  let [old, next]: OwnPostgres[] = []
  let address: MovableAddress
  beforeAll(async () => {
    ;[old, next] = await Promise.all([ownPostgres(), ownPostgres()])
    address = await movableAddress(old.port)
  })
  afterAll(async () => {
    await address.close()
    await old?.remove()
    await next?.remove()
  })

  test(`${switchovers} of them, 8 clients: 0 lost, 0 false 412, 404 or 304, writes within 5 s of the move`, async () => {
    const providers = providersAt(address.url)
    const exchanges = providers.flatMap(({ name, provider }) =>
      [1, 2].map((i) => ({ name: `${name} ${i}`, exchange: over(provider) })),
    )
    for (let round = 0; round < switchovers; round++) {
      if (old === undefined || next === undefined) throw new Error('no servers')
      await next.follow(old)
      const streaming = "select 1 from pg_stat_replication where state = 'streaming'"
      while ((await administer(old.url, [streaming])).length === 0) await pause(20)
      const clients: LoadClient[] = []
      for (const { name, exchange } of exchanges) clients.push(await loadClient(exchange, `${round} ${name}`))
      let ended = false
      const load = Promise.all(
        clients.map((client, i) => {
          const exchange = exchanges[i]?.exchange
          return exchange === undefined ? undefined : writeWithoutPause(exchange, client, () => ended)
        }),
      )
      await pause(500)
      await old.stop('fast')
      await next.promote()
      await old.follow(next)
      await administer(old.url, ['select pg_wal_replay_pause()'])
      // The old primary is a standby now and does not know what is written here; the address still leads to it.
      const direct = postgresProvider(next.url)
      for (const client of clients) await writePast(over(direct), client)
      await pause(500)
      for (const client of clients) client.resumedAt = undefined
      const moved = performance.now()
      address.moveTo(next.port)
      const isWaiting = ({ resumedAt }: LoadClient): boolean => resumedAt === undefined
      while (clients.some(isWaiting) && performance.now() - moved < 5_000) await pause(20)
      const waiting = clients.filter(isWaiting).map(({ name }) => name)
      await pause(300)
      ended = true
      await load
      const wrong = clients.flatMap((client) => client.wrong.map((what) => `${client.name}: ${what}`)).slice(0, 20)
      expect({ waiting, wrong }).toEqual({ waiting: [], wrong: [] })
      for (const { name, path, known } of clients) {
        const { status, headers, body } = await over(direct)({ method: 'GET', path })
        expect([name, status, headers.etag, JSON.parse(body).title]).toEqual([
          name,
          200,
          known.tag,
          String(known.title),
        ])
      }
      await direct.close()
      const sum = (of: keyof LoadClient['counts']): number => clients.reduce((all, { counts }) => all + counts[of], 0)
      const slowest = Math.max(...clients.map(({ resumedAt = Number.NaN }) => resumedAt - moved))
      console.log(
        `switchover ${round + 1}: ${sum('acknowledged')} acknowledged, ${sum('unavailable')} times 503, of these ${sum('unknown')} with an unknown outcome; all clients write ${Math.round(slowest)} ms after the move`,
      )
      ;[old, next] = [next, old]
    }
    for (const { provider, end } of providers) {
      await provider.close()
      await end()
    }
  })

  /** Changes the user of a client on the new primary, from any state after its last write. */
  async function writePast(exchange: Exchange, client: LoadClient): Promise<void> {
    const { headers, body } = await exchange({ method: 'GET', path: client.path })
    const found = Number(JSON.parse(body).title)
    // One more than was acknowledged if the outcome of the last write was unknown.
    expect([client.known.title, client.known.title + 1]).toContain(found)
    const title = found + 1
    const held = { path: client.path, tag: headers.etag ?? '' }
    const answer = await put(exchange, held, client.name, String(title))
    expect([client.name, answer.status]).toEqual([client.name, 200])
    client.known = { tag: answer.headers.etag ?? '', title }
  }
})

describeOwn('a COMMIT that waits for a synchronous standby', () => {
  let server: OwnPostgres
  beforeAll(async () => {
    server = await ownPostgres()
  })
  afterAll(() => server.remove())

  test('is not acknowledged because a time limit has ended the wait', async () => {
    const provider = postgresProvider(server.url, { statementMilliseconds: 300 })
    await provider.migrate()
    await administer(server.url, [
      "alter system set synchronous_standby_names = 'absent'",
      'select pg_reload_conf()',
      'select pg_sleep(0.3)',
    ])
    const answer = await over(provider)({ method: 'POST', path: '/Users', headers: type, body: user('waiting', '0') })
    expect([answer.status, answer.body]).toEqual([503, expect.stringContaining('may or may not have been committed')])
    await provider.close()
  })
})
