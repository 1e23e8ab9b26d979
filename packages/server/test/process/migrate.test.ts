/** `scimkit migrate`. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { d1MigrationSql } from '@scimkit/sql-provider/d1'
import { run, runBeside, serve } from '../support/command.js'
import { databases, missing, type TestDatabase } from '../support/databases.js'
import { quiet } from '../support/served.js'

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
