/** A revocation by one process, and its effect in another one, on one SQLite file. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from '@jest/globals'
import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
import { bundledSource } from '../../../testkit/test/support/bundled-command.js'
import { type Connections, scimConnections } from '../../src/index.js'

const program = bundledSource(fileURLToPath(new URL('../support/token-process.ts', import.meta.url)))
const folder = mkdtempSync(join(tmpdir(), 'scimkit-connections-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Line {
  readonly result: string
  readonly at: number
  readonly longestPause: number
}

type End = (connections: Connections, id: string, token: string) => Promise<unknown>

describe('a token in two processes (SEC-18)', () => {
  const ends: readonly (readonly [string, End])[] = [
    ['revoked', (connections, id, token) => connections.revokeToken(id, token)],
    ['suspended', (connections, id) => connections.suspend(id)],
    ['decommissioned', (connections, id) => connections.decommission(id, { users: 'keep' })],
  ]

  test.each(ends)('%s by one of them, it is refused by the other within a second', async (name, end) => {
    const file = join(folder, `${name}.db`)
    const provider = sqliteProvider(file)
    await provider.migrate()
    const connections = scimConnections({ store: provider.records })
    const { connection, token } = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
    const child = spawn(process.execPath, [program, file, token?.text ?? ''], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
      const next = async (): Promise<Line> => JSON.parse((await lines.next()).value ?? '{}')
      expect((await next()).result).toBe('accepted')
      await end(connections, connection.id, token?.id ?? '')
      const ended = Date.now()
      const { result, at, longestPause } = await next()
      expect(result).toBe('refused')
      // Where the processor was busy, the other process has noticed it late.
      expect(at - ended).toBeLessThanOrEqual(1_000 + longestPause)
      await once(child, 'close')
    } finally {
      child.kill('SIGKILL')
      await provider.close()
    }
  })
})
