/** The command on a database: data, token and passwords survive the process, however it ends. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { versionMismatchUrn } from '@scimkit/core'
import { d1MigrationSql } from '@scimkit/sql-provider/d1'
import Database from 'libsql'
import { folder, run, runBeside, type Served, serve, serveAsIs } from './support/command.js'
import { databases, missing, type TestDatabase } from './support/databases.js'
import { scimJson, user } from './support/user.js'

const quiet = ['--log', 'silent']

/** The token that a server has printed. */
function shownToken({ output }: Pick<Served, 'output'>): string {
  const token = /^token (scimkit_[0-9a-f]{72})$/m.exec(output.stderr)?.[1]
  if (token === undefined) throw new Error(`no token in: ${output.stderr}`)
  return token
}

const post = ({ agent, root }: Served, token: string, text: string) =>
  agent.post(`${root}/Users`).auth(token, { type: 'bearer' }).type(scimJson).send(text)

const total = async ({ agent, root }: Served, token: string, rest = ''): Promise<unknown> => {
  const { status, body } = await agent.get(`${root}/Users?count=0${rest}`).auth(token, { type: 'bearer' })
  return status === 200 ? body.totalResults : status
}

// A result of /readyz is reused for half a second.
async function untilStatus(agent: Served['agent'], status: number): Promise<void> {
  for (let left = 100; left > 0; left--) {
    if ((await agent.get('/readyz')).status === status) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`/readyz was not ${status}`)
}

async function end({ child, exited }: Served, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
  child.kill(signal)
  return exited
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

  test('migrate creates the tables, reports it, and does it once for any number of processes', async () => {
    const migrate = (...args: string[]) => runBeside(['migrate', ...database.flags, ...args])
    const all = await Promise.all([migrate(), migrate(), migrate()])
    expect(all.map(({ status, stderr }) => ({ status, stderr }))).toEqual(all.map(() => ({ status: 0, stderr: '' })))
    expect(all.map(({ stdout }) => stdout).sort()).toEqual([
      expect.stringMatching(/: schema 0 → \d+\n$/),
      ...Array.from({ length: 2 }, () => expect.stringMatching(/: schema \d+, nothing to do\n$/)),
    ])
    const { child, exited } = await start('--seed-users', '30', '--no-auth')
    child.kill('SIGTERM')
    await exited
    const indexed = await migrate('--index', 'User:title', '--index', 'User:name.familyName')
    expect(indexed).toMatchObject({ status: 0, stdout: expect.stringContaining('30 resources reindexed') })
    expect(indexed.stderr).toContain('reindexing: 30')
    expect((await migrate('--index', 'User:name.familyName', '--index', 'User:title')).stdout).toContain(
      'nothing to do',
    )
  })

  test('a newer schema is rejected in one line, and not changed', async () => {
    expect(run(['migrate', ...database.flags]).status).toBe(0)
    await database.ask("update scim_meta set value = '999' where name = 'schema'")
    const before = await database.ask('select * from scim_meta order by name')
    for (const command of ['migrate', 'serve']) {
      const { status, stdout, stderr } = run([command, ...database.flags])
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toMatch(/^Cannot use .*: .*schema 999.*newer.*\n$/)
    }
    expect(await database.ask('select * from scim_meta order by name')).toEqual(before)
    await database.ask("update scim_meta set value = 'three' where name = 'schema'")
    expect(run(['migrate', ...database.flags]).stderr).toMatch(/^Cannot use .*: .*invalid schema version.*\n$/)
  })
})

describe('a SQLite file', () => {
  test('is ./scimkit.db by default, and closed cleanly by SIGTERM', async () => {
    const path = join(folder, 'scimkit.db')
    const first = await serveAsIs(quiet)
    const token = shownToken(first)
    expect(first.output.stderr).toContain(`data ${path}\n`)
    await post(first, token, user('ada')).expect(201)
    // The log and its index in WAL mode, else the rollback journal.
    const beside = ['-wal', '-shm', '-journal'].map((end) => path + end).filter((file) => existsSync(file))
    expect(beside).not.toEqual([])
    for (const file of [path, ...beside]) expect([file, statSync(file).mode & 0o777]).toEqual([file, 0o600])
    expect(await end(first, 'SIGTERM')).toBe(0)
    // All data is in the one file that users copy. (libsql leaves the other files, empty.)
    expect(existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0).toBe(0)
    copyFileSync(path, join(folder, 'copy.db'))
    const copy = await serve(['--data', 'copy.db', ...quiet])
    expect(await total(copy, token)).toBe(1)
    const second = await serveAsIs(['--data', './scimkit.db', '--durability', 'normal', ...quiet])
    expect(await total(second, token)).toBe(1)
  })

  test('has no token yet after a start that failed because the port was in use', async () => {
    const { port } = await serve(quiet)
    const flags = ['--data', 'taken.db', ...quiet]
    expect(run(['serve', ...flags, '--port', port]).stderr).toMatch(/^Cannot listen: .*\n$/)
    shownToken(await serve(flags))
  })

  test('is reported in one line if another process has locked it when a token is to be stored', () => {
    run(['migrate', '--data', 'held.db'])
    const holder = new Database(join(folder, 'held.db'))
    holder.exec('begin immediate')
    const { status, stdout, stderr } = run(['serve', '--data', 'held.db', '--port', '0', ...quiet])
    holder.close()
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^Cannot use .*held\.db: database locked by another process for 5000 ms\.\n$/)
  })

  test('in journal mode wal-exclusive is for one process; the next is rejected in one line', async () => {
    const flags = ['--data', 'alone.db', ...quiet]
    await serve([...flags, '--journal', 'wal-exclusive'])
    for (const journal of [[], ['--journal', 'wal-exclusive']]) {
      const { status, stdout, stderr } = run(['serve', ...flags, '--port', '0', ...journal])
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toMatch(/^Cannot use .*alone\.db: .*[Aa]nother process.*wal-exclusive.*\n$/)
    }
  })

  test('is checked by `scimkit check`; a damaged one is rejected with instructions', async () => {
    expect(run(['migrate', '--data', 'whole.db']).status).toBe(0)
    const path = join(folder, 'whole.db')
    expect(run(['check', '--data', path])).toEqual({ status: 0, stdout: `${path}: no damage found\n`, stderr: '' })
    const bytes = readFileSync(path)
    bytes.fill(0, 4_096)
    writeFileSync(join(folder, 'damaged.db'), bytes)
    const checked = run(['check', '--data', 'damaged.db'])
    expect(checked.status).toBe(1)
    expect(checked.stdout + checked.stderr).toMatch(/damaged.*restore a backup/)
    expect(run(['serve', '--data', 'damaged.db', '--port', '0', ...quiet])).toEqual({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Cannot use .*damaged\.db: The SQLite file is damaged.*restore a backup\.\n$/),
    })
    expect(run(['check', '--data', 'nowhere.db'])).toMatchObject({ status: 1, stdout: '' })
    expect(existsSync(join(folder, 'nowhere.db'))).toBe(false)
    expect(run(['check', '--store', 'memory'])).toMatchObject({ status: 2, stdout: '' })
  })

  test('is not shared in WAL mode by an SQLite with the WAL-reset bug', () => {
    const { status, stderr } = run([
      'serve',
      '--data',
      'bug.db',
      '--sqlite-engine',
      'libsql',
      '--journal',
      'wal',
      ...quiet,
    ])
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/^Cannot use .*WAL-reset bug.*\n$/) })
  })

  test.each<[string, RegExp, () => string]>([
    [
      'in a folder that does not exist',
      /the folder .*nowhere does not exist\. Create it first/,
      () => join('nowhere', 'people.db'),
    ],
    [
      'that is a folder',
      /it is not a file/,
      () => {
        mkdirSync(join(folder, 'a-folder'), { recursive: true })
        return 'a-folder'
      },
    ],
    [
      'that is not a database',
      /not a database/,
      () => {
        writeFileSync(join(folder, 'letter.txt'), 'Dear Charles, '.repeat(1_000))
        return 'letter.txt'
      },
    ],
  ])('%s is rejected in one line', (_, words, make) => {
    const path = make()
    for (const command of ['serve', 'migrate']) {
      const { status, stdout, stderr } = run([command, '--data', path])
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toMatch(new RegExp(`^Cannot use ${join(folder, path)}: .*${words.source}.*\\n$`))
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

test('memory has nothing to migrate', () => {
  expect(run(['migrate', '--store', 'memory'])).toMatchObject({ status: 2, stdout: '' })
})

describe('migrate --print d1', () => {
  const print = (...args: string[]) => run(['migrate', '--print', 'd1', ...args])

  test('writes the SQL of a migration to stdout, and creates no database', () => {
    const flags = ['--index', 'User:name.FAMILYname', '--index', 'User:title']
    const indexes = { User: ['name.familyName', 'title'] }
    expect(print(...flags)).toEqual({ status: 0, stdout: d1MigrationSql({ indexes }), stderr: '' })
    expect(print('--from', '2')).toEqual({ status: 0, stdout: d1MigrationSql({ from: 2 }), stderr: '' })
  })

  test.each<[string, string, string[]]>([
    ['another database', 'Allowed choices are d1', ['--print', 'postgres']],
    ['a database as well', 'cannot be used with --store', ['--print', 'd1', '--store', 'sqlite:people.db']],
    ['an engine as well', 'cannot be used with --sqlite-engine', ['--print', 'd1', '--sqlite-engine', 'libsql']],
    ['a schema without --print', '--print only', ['--from', '1']],
    ['a schema that is not a number', 'Expected the number', ['--print', 'd1', '--from', 'one']],
    ['a schema that does not exist yet', 'the newest is', ['--print', 'd1', '--from', '999']],
    ['an index of existing resources', 'new database', ['--print', 'd1', '--from', '1', '--index', 'User:title']],
    ['an index of an unknown attribute', 'famlyName', ['--print', 'd1', '--index', 'User:name.famlyName']],
  ])('rejects %s', (_, words, args) => {
    const { status, stdout, stderr } = run(['migrate', ...args])
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(words)
  })
})
