import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { postgresProvider } from '@scimkit/sql-provider/postgres'
import { testContext } from '@scimkit/testkit'
import { findPostgres, startPostgres } from '../postgres.mjs'

const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('scimkit-postgres-'))

/** Whether somebody listens there. */
function listens(url) {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

async function until(condition) {
  for (let round = 0; round < 200 && !(await condition()); round++) await sleep(50)
  return condition()
}

const describeIfInstalled = findPostgres() === undefined && process.env.CI !== 'true' ? describe.skip : describe

describeIfInstalled('startPostgres (needs an installed PostgreSQL)', () => {
  test('starts a server of its own each time, and leaves nothing when it is stopped', async () => {
    const before = folders()
    const servers = await Promise.all([startPostgres(), startPostgres({ fsync: false })])
    const made = folders().filter((name) => !before.includes(name))
    expect(servers[0].url).not.toBe(servers[1].url)
    expect(await Promise.all(servers.map(({ url }) => listens(url)))).toEqual([true, true])
    expect(made.length).toBeGreaterThanOrEqual(2)
    await Promise.all(servers.map(({ stop }) => stop()))
    expect(await Promise.all(servers.map(({ url }) => listens(url)))).toEqual([false, false])
    // Others may have servers of their own at the same time.
    await until(() => folders().filter((name) => made.includes(name)).length <= made.length - 2)
    expect(folders().filter((name) => made.includes(name)).length).toBeLessThanOrEqual(made.length - 2)
  })

  test('says what the server said when it does not start', async () => {
    const { url, stop } = await startPostgres()
    await expect(startPostgres({ port: Number(new URL(url).port) })).rejects.toThrow('Address already in use')
    await stop()
  })

  test('a server does not outlive the process that started it, however that ended', async () => {
    const program = `import { startPostgres } from ${JSON.stringify(new URL('../postgres.mjs', import.meta.url).href)}
      console.log((await startPostgres()).url)
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const url = await new Promise((resolve) =>
      child.stdout.setEncoding('utf8').once('data', (text) => resolve(text.trim())),
    )
    expect(await listens(url)).toBe(true)
    child.kill('SIGKILL')
    expect(await until(async () => !(await listens(url)))).toBe(true)
  })

  test('a provider outlives its server: it fails while that is away, and works when it is back', async () => {
    const first = await startPostgres()
    const provider = postgresProvider(first.url)
    const read = async () =>
      provider.read({ type: 'User', id: '1' }, { members: 'none', derived: false }, testContext())
    expect(await read()).toBeUndefined()
    const asked = Promise.allSettled(Array.from({ length: 20 }, read))
    await first.stop()
    expect(new Set((await asked).map(({ value }) => value))).toEqual(new Set([undefined]))
    await expect(read()).rejects.toMatchObject({ status: 503 })
    // A new server on the old port, so it has no tables yet.
    const second = await startPostgres({ port: Number(new URL(first.url).port) })
    expect((await provider.migrate()).from).toBe(0)
    expect(await read()).toBeUndefined()
    await provider.close()
    await second.stop()
  })
})

test('knows where Debian keeps its servers', () => {
  const found = findPostgres()
  expect(found === undefined || existsSync(found)).toBe(true)
})
