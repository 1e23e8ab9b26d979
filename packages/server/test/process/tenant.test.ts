/** `scimkit tenant`, beside a server that runs. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { folder, run, runBeside, serve } from '../support/command.js'
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
  const tenant = (...args: string[]) => runBeside(['tenant', ...args, ...database.flags])
  const serveUsers = async (users: number) => {
    const served = await serve([...database.flags, ...quiet, '--seed-users', `${users}`, '--no-auth'])
    const members = {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: 'g',
      members: [{ value: 'x' }],
    }
    await served.agent
      .post(`${served.root}/Groups`)
      .set('Content-Type', 'application/scim+json')
      .send(members)
      .expect(201)
    return served
  }

  test('lists, counts, exports and removes a tenant beside a server', async () => {
    const { agent, root } = await serveUsers(30)
    const { stdout: names } = await tenant('list')
    const name = names.trim()
    expect(name).not.toBe('')
    expect(JSON.parse((await tenant('list', '--json')).stdout)).toEqual([name])
    const stats = JSON.parse((await tenant('stats', name, '--json')).stdout)
    expect(stats).toMatchObject({ tenant: name, resources: { Group: 1, User: 30 }, members: 1, records: 0 })
    expect((await tenant('stats', name)).stdout).toContain('members: 1\n')

    const exported = await tenant('export', name)
    expect(exported).toMatchObject({ status: 0, stderr: expect.stringContaining('exported 31 resources') })
    const documents = exported.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(documents).toHaveLength(31)
    expect(documents[0]).toMatchObject({ displayName: 'g', members: [{ value: 'x' }], meta: { resourceType: 'Group' } })
    const file = join(folder, `${name}-${Date.now()}.jsonl`)
    expect(await tenant('export', name, '--output', file)).toMatchObject({ status: 0, stdout: '' })
    expect(readFileSync(file, 'utf8')).toBe(exported.stdout)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const again = await tenant('export', name, '--output', file)
    expect(again).toMatchObject({ status: 1, stderr: expect.stringContaining(`Cannot write ${file}`) })
    expect(existsSync(file)).toBe(true)

    const unconfirmed = await tenant('remove', name)
    expect(unconfirmed).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('--yes') })
    await agent
      .get(`${root}/Users?count=0`)
      .expect(200)
      .expect(({ body }) => expect(body.totalResults).toBe(30))
    const removed = await tenant('remove', name, '--yes', '--json')
    expect(removed.status).toBe(0)
    expect(JSON.parse(removed.stdout)).toMatchObject({ resources: 31, members: 1 })
    await agent
      .get(`${root}/Users?count=0`)
      .expect(200)
      .expect(({ body }) => expect(body.totalResults).toBe(0))
    expect((await tenant('list')).stdout).toBe('')
  })

  test('an unknown tenant is exit code 1 with its name, and no file is left', async () => {
    expect(run(['migrate', ...database.flags]).status).toBe(0)
    const file = join(folder, 'nothing.jsonl')
    for (const args of [['stats'], ['export'], ['export', '--output', file], ['remove', '--yes']]) {
      const [name = '', ...flags] = args
      const ended = await tenant(name, 'nö such', ...flags)
      expect(ended).toMatchObject({ status: 1, stdout: '' })
      expect(ended.stderr).toBe(`${database.place} has no data of the tenant "nö such".\n`)
    }
    expect(existsSync(file)).toBe(false)
  })

  test('a database of another schema, or with other indexes, is not changed', async () => {
    expect(run(['migrate', ...database.flags, '--index', 'User:title']).status).toBe(0)
    expect(await tenant('list')).toMatchObject({ status: 1, stderr: expect.stringContaining('indexes') })
    expect(await tenant('list', '--index', 'User:title')).toMatchObject({ status: 0 })
    await database.ask("update scim_meta set value = '1' where name = 'schema'")
    expect(await tenant('list', '--index', 'User:title')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('scimkit migrate'),
    })
  })
})

test('a file that does not exist is not created', () => {
  const file = join(folder, 'missing.db')
  const ended = run(['tenant', 'list', '--data', file])
  expect(ended).toEqual({ status: 1, stdout: '', stderr: `Cannot use ${file}: file not found.\n` })
  expect(existsSync(file)).toBe(false)
})

test.each([
  ['memory', ['list', '--store', 'memory']],
  ['a missing name', ['stats']],
  ['an unknown command', ['rename', 'a']],
])('%s is a usage error', (_, args) => {
  expect(run(['tenant', ...args])).toMatchObject({ status: 2, stdout: '' })
})

test('cursor-key rotate beside a server leaves its cursors valid', async () => {
  const file = join(folder, `keys-${Date.now()}.db`)
  const { agent, root } = await serve(['--data', file, ...quiet, '--seed-users', '5', '--no-auth'])
  const first = await agent.get(`${root}/Users?cursor=&count=2`).expect(200)
  const rotated = await runBeside(['cursor-key', 'rotate', '--data', file])
  expect(rotated).toMatchObject({ status: 0, stderr: '' })
  expect(rotated.stdout).toMatch(/: the new key seals from 2.*Z, earlier keys open until 2.*Z\n$/)
  await agent.get(`${root}/Users?cursor=${first.body.nextCursor}&count=2`).expect(200)
  expect(run(['cursor-key', 'rotate', '--data', file, '--cursor-seconds', '-1'])).toMatchObject({
    status: 2,
    stdout: '',
  })
})
