/** The command on a database: data, token and passwords survive the process, however it ends. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { versionMismatchUrn } from '@scimkit/core'
import { run, runBeside, type Served, serve } from '../support/command.js'
import { databases, missing, type TestDatabase } from '../support/databases.js'
import { end, post, quiet, shownToken, total } from '../support/served.js'
import { scimJson, user } from '../support/user.js'

// A result of /readyz is reused for half a second.
async function untilStatus(agent: Served['agent'], status: number): Promise<void> {
  for (let left = 100; left > 0; left--) {
    if ((await agent.get('/readyz')).status === status) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`/readyz was not ${status}`)
}

for (const reason of missing) test.skip(reason, () => undefined)

describe.each(databases)('$name', ({ make }) => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await make()
  })
  afterEach(async () => {
    await database.drop()
  })
  const start = (...args: string[]) => serve([...database.flags, ...quiet, ...args])

  test('/readyz is 503 while the database has another schema, /healthz is not', async () => {
    const { agent } = await start()
    await agent.get('/readyz').expect(200)
    await database.ask("update scim_meta set value = '1' where name = 'schema'")
    await untilStatus(agent, 503)
    await agent.get('/healthz').expect(200, 'ok\n')
  })

  test('data and token survive the process, also a killed one; the token is shown once', async () => {
    const first = await start()
    const token = shownToken(first)
    expect(first.output.stderr).toContain(`data ${database.place}\n`)
    const created = await post(first, token, user('ada', { title: 'Countess' })).expect(201)
    expect(await end(first, 'SIGKILL')).toBeNull()

    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const later = await start()
      expect(later.output.stderr).not.toContain('scimkit_')
      expect(later.output.stderr).toContain('--new-token')
      const found = await later.agent.get(`${later.root}/Users/${created.body.id}`).auth(token, { type: 'bearer' })
      expect([found.status, found.headers.etag, found.body.title]).toEqual([200, created.headers.etag, 'Countess'])
      await post(later, token, user('ADA')).expect(409)
      expect(await end(later, signal)).toBe(signal === 'SIGTERM' ? 0 : null)
    }
    const texts = JSON.stringify(await database.ask('select * from scim_meta'))
    expect(texts).not.toContain(token.slice(8))
  })

  test('--new-token generates another token, valid here and in a process that runs already', async () => {
    const first = await start()
    const old = shownToken(first)
    expect(await total(first, old)).toBe(0)
    const second = await start('--new-token')
    const token = shownToken(second)
    expect([await total(second, old), await total(second, token)]).toEqual([401, 0])
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    expect([await total(first, old), await total(first, token)]).toEqual([401, 0])
  })

  test('a token of the flags is valid alone: the stored one is not', async () => {
    const given = 'a-token-of-more-than-32-characters'
    const first = await start('--token', given)
    expect(first.output.stderr).not.toContain('oken')
    expect(await total(first, given)).toBe(0)
    const made = shownToken(await start())
    expect([await total(first, made), await total(first, given)]).toEqual([401, 0])
  })

  test('processes that start at the same time have one token and serve the same data', async () => {
    const servers = await Promise.all([start(), start(), start()])
    const shown = servers.filter(({ output }) => output.stderr.includes('\ntoken scimkit_'))
    expect(shown).toHaveLength(1)
    for (const other of servers.filter((each) => !shown.includes(each))) {
      expect(other.output.stderr).toMatch(/Another process has just generated|earlier start/)
    }
    const [first] = shown
    if (first === undefined) throw new Error('no server has shown a token')
    const token = shownToken(first)
    for (const [i, each] of servers.entries()) {
      await post(each, token, user(`user of ${i}`)).expect(201)
      for (const other of servers) expect(await total(other, token)).toBe(i + 1)
    }
    const names = await Promise.all(servers.map(async (each) => (await post(each, token, user('ada'))).status))
    expect(names.sort()).toEqual([201, 409, 409])
  })

  test('passwords are stored as hashes, and deleted with the user (FP-S6)', async () => {
    const first = await start()
    const token = shownToken(first)
    const created = await post(first, token, user('ada', { password: 'analytical engine' })).expect(201)
    const everything = async () =>
      JSON.stringify([
        await database.ask('select * from scim_meta'),
        await database.ask('select * from scim_resources'),
      ])
    expect(await everything()).toMatch(/scrypt\$16384\$8\$5\$/)
    expect(await everything()).not.toContain('analytical engine')
    const address = `${first.root}/Users/${created.body.id}`
    await first.agent.delete(address).auth(token, { type: 'bearer' }).expect(204)
    expect(await everything()).not.toContain('scrypt')
    // No record at all: the version in a record would contain a digest of the user's document.
    expect(await everything()).not.toContain('password')
  })

  test('records of users that earlier versions have removed are deleted: once by serve, always by migrate', async () => {
    const first = await start('--no-auth')
    const kept = await post(first, '', user('ada', { password: 'analytical engine' })).expect(201)
    await end(first, 'SIGTERM')
    const leave = (ids: string) =>
      database.ask(`insert into scim_meta (name, value)
        select 'host.password.["default","User","' || id || '"]', '{"version":"1-9f86d081884c7d65-0123456789ab"}' from ${ids}`)
    const left = async () =>
      (await database.ask("select name from scim_meta where name like 'host.password.%' order by name")) as {
        name: string
      }[]
    const own = [{ name: `host.password.["default","User","${kept.body.id}"]` }]
    expect(await left()).toEqual(own)
    // Like a database of an earlier version: no fact says that the work is done.
    await database.ask("delete from scim_meta where name = 'host.records-of-removed'")
    await leave(
      '(with recursive n(id) as (select 0 union all select id + 1 from n where id < 249) select id from n) as n',
    )
    // Several processes, while users are created and deleted.
    const servers = await Promise.all([start('--no-auth'), start('--no-auth')])
    for (const [i, server] of servers.entries()) {
      const { body } = await post(server, '', user(`b${i}`, { password: 'difference engine' })).expect(201)
      await server.agent.delete(`${server.root}/Users/${body.id}`).expect(204)
    }
    for (let tries = 0; (await left()).length > 1 && tries < 200; tries++) await new Promise((r) => setTimeout(r, 50))
    expect(await left()).toEqual(own)
    for (const server of servers) await end(server, 'SIGTERM')
    expect(servers.map(({ output }) => output.stderr).join('')).toMatch(
      /\d+ password records of removed users deleted\n/,
    )

    // A process of an older version, which continued to run beside the others.
    await leave('(select 1 as id union all select 2) as n')
    await end(await start('--no-auth'), 'SIGTERM')
    expect(await left()).toHaveLength(3)
    const migrated = await runBeside(['migrate', ...database.flags])
    expect(migrated.stdout).toMatch(/: schema \d+, 2 password records of removed users deleted\n$/)
    expect(await left()).toEqual(own)
    expect((await runBeside(['migrate', ...database.flags])).stdout).toContain('nothing to do')
  })

  test('users are seeded once', async () => {
    const first = await start('--seed-users', '300', '--no-auth')
    await post(first, '', user('ada')).expect(201)
    await end(first, 'SIGKILL')
    const second = await start('--seed-users', '310', '--no-auth', '--index', 'User:name.familyName')
    expect(second.output.stderr).toContain('300 of 310')
    expect(await total(second, '')).toBe(311)
    expect(await total(second, '', '&filter=name.familyName%20eq%20%22Lovelace%22')).toBe(35)
  })

  test('--quota reaches the core, and counts the users of earlier starts', async () => {
    const first = await start('--no-auth', '--quota', 'User=2')
    await post(first, '', user('ada')).expect(201)
    await end(first, 'SIGTERM')
    const second = await start('--no-auth', '--quota', 'User=2')
    await post(second, '', user('grace')).expect(201)
    const { body } = await post(second, '', user('mary')).expect(403)
    expect(body.detail).toBe('The limit of 2 resources of type User is reached; nothing was created.')
    expect(await total(second, '')).toBe(2)
  })

  test('--unknown-members reaches the core', async () => {
    const members = [{ value: 'nobody' }]
    const group = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Engines', members }
    const answers: unknown[] = []
    for (const policy of ['keep', 'skip', 'reject']) {
      const { agent, root } = await start('--no-auth', '--unknown-members', policy)
      const { status, body } = await agent.post(`${root}/Groups`).type(scimJson).send(JSON.stringify(group))
      answers.push([status, body.members?.length ?? body.scimType])
    }
    expect(answers).toEqual([
      [201, 1],
      [201, undefined],
      [400, 'invalidValue'],
    ])
  })

  test('changes are stored across processes, but not across a process that stores none', async () => {
    const first = await start('--no-auth')
    const made = await post(first, '', user('ada')).expect(201)
    const path = `${first.root}/Users/${made.body.id}`
    const title = (server: typeof first, value: string) =>
      server.agent
        .put(path)
        .type(scimJson)
        .send(user('ada', { title: value }))
    const tagged = await title(first, 'A').expect(200)
    await end(first, 'SIGTERM')
    const second = await start('--no-auth')
    const conflict = await title(second, 'mine')
      .set('If-Match', made.headers.etag ?? '')
      .set('Prefer', 'conflict-details')
      .expect(412)
    expect(conflict.body[versionMismatchUrn].changed).toEqual(['title'])
    await end(second, 'SIGTERM')
    const forgetful = await start('--no-auth', '--history', '0')
    await title(forgetful, 'B').expect(200)
    await end(forgetful, 'SIGTERM')
    const third = await start('--no-auth')
    await title(third, 'C').expect(200)
    for (const tag of [made.headers.etag, tagged.headers.etag]) {
      const { body } = await title(third, 'mine')
        .set('If-Match', tag ?? '')
        .set('Prefer', 'conflict-details')
        .expect(412)
      expect(body[versionMismatchUrn].changed).toBeUndefined()
    }
  })
})

test('an unreachable PostgreSQL is reported in one line, without the password', () => {
  for (const command of ['serve', 'migrate']) {
    const { status, stdout, stderr } = run([command, '--store', 'postgres://scim:hunter2@127.0.0.1:9/scim'])
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^Cannot use PostgreSQL at 127\.0\.0\.1: .*ECONNREFUSED.*\n$/)
  }
})
