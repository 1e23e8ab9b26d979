/** Assertions that two processes with one database receive at the same time: each is used once (AUTH-12). */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { RecordStore } from '@scimkit/core/provider'
import { postgresProvider } from '@scimkit/sql-provider/postgres'
import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
import { build } from 'esbuild'
import { scimConnections } from '../../src/scim-connections/scim-connections.js'
import { form, issuerOf, keyNamed } from '../contract/requests.js'
import { jwtOf } from '../contract/signing.js'

const folder = mkdtempSync(join(tmpdir(), 'assertions-'))
let program = ''

beforeAll(async () => {
  const out = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url))
  mkdirSync(out, { recursive: true })
  program = join(out, `token-endpoint-process-${process.pid}.mjs`)
  await build({
    entryPoints: [fileURLToPath(new URL('../support/token-endpoint-process.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@scimkit/source'],
    external: ['libsql', 'better-sqlite3', 'pg-native'],
    banner: {
      js: `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url)`,
    },
    logLevel: 'error',
  })
})
afterAll(() => {
  rmSync(folder, { recursive: true })
  rmSync(program, { force: true })
})

interface TokenProcess {
  statuses(bodies: readonly string[]): Promise<readonly number[]>
  end(): Promise<void>
}

async function tokenProcess(database: string): Promise<TokenProcess> {
  const child = spawn(process.execPath, [program, database], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => String((await lines.next()).value)
  expect(await next()).toBe('ready')
  return {
    statuses: async (bodies) => {
      child.stdin.write(`${JSON.stringify(bodies)}\n`)
      return JSON.parse(await next())
    },
    end: async () => {
      child.stdin.end()
      if (child.exitCode === null) {
        child.kill()
        await once(child, 'exit')
      }
    },
  }
}

async function assertionsFor(store: RecordStore, count: number): Promise<readonly string[]> {
  const key = await keyNamed('one')
  const { connection } = await scimConnections({ store }).create({
    tenant: 'acme',
    name: 'Okta',
    oauth: { keys: { kind: 'jwks', keys: [key.jwk] } },
  })
  const { id } = connection
  const exp = Math.floor(Date.now() / 1_000) + 300
  const bodies: string[] = []
  for (let i = 0; i < count; i++) {
    const claims = { iss: id, sub: id, aud: issuerOf('acme'), exp, jti: `one ${i}` }
    bodies.push(
      form({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await jwtOf(claims, key),
      }),
    )
  }
  return bodies
}

async function eachOnce(database: string, store: RecordStore): Promise<void> {
  const bodies = await assertionsFor(store, 40)
  const processes = await Promise.all([tokenProcess(database), tokenProcess(database)])
  try {
    const [left = [], right = []] = await Promise.all(processes.map((one) => one.statuses(bodies)))
    const pairs = left.map((status, i) => [status, right[i]].sort().join())
    expect(pairs).toEqual(bodies.map(() => '200,401'))
  } finally {
    await Promise.all(processes.map((one) => one.end()))
  }
}

describe('one assertion at two processes', () => {
  test('SQLite: one of them issues a token', async () => {
    const file = join(folder, 'records.db')
    const provider = sqliteProvider(file)
    await eachOnce(file, provider.records)
    await provider.close?.()
  })

  const url = process.env.SCIMKIT_TEST_POSTGRES
  if (url !== undefined) {
    test('PostgreSQL: one of them issues a token', async () => {
      const provider = postgresProvider(url)
      await eachOnce(url, provider.records)
      await provider.close?.()
    })
  }
})
