/** The whole process is killed while an object answers. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ContractCase, Exchange } from '@scimkit/testkit'
import { Miniflare } from 'miniflare'
import { acmeToken } from '../setups.js'
import { viaOwnConnections } from '../workerd/via-own-connections.js'

const user = 'urn:ietf:params:scim:schemas:core:2.0:User'
const headers = { Authorization: `Bearer ${acmeToken}`, 'Content-Type': 'application/scim+json' }
const kills = 3
const writers = 8
const milliseconds = 600

/** Acknowledged writes exist after the process was killed and restarted, with the same tag. */
export function killedCase(script: string): ContractCase {
  return {
    id: 'do-killed',
    title: `${kills} kills of the process among the creates of ${writers} clients: every acknowledged create exists`,
    level: 'MUST',
    citation: 'ScimKit',
    run: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'scimkit-killed-'))
      const acknowledged = new Map<string, string | undefined>()
      try {
        for (let round = 0; round <= kills; round++) {
          const known = childrenOf(process.pid)
          const miniflare = new Miniflare({
            modules: true,
            script,
            compatibilityDate: '2026-04-01',
            durableObjects: { TENANT: { className: 'Tenant', useSQLite: true } },
            durableObjectsPersist: folder,
          })
          const exchange = viaOwnConnections(`${(await miniflare.ready).origin}/exchange/scim/v2`)
          await ensureAllThere(exchange, acknowledged)
          if (round < kills) {
            const started = childrenOf(process.pid).filter((pid) => !known.includes(pid))
            await createUntil(exchange, round, acknowledged, () => {
              for (const pid of started) process.kill(pid, 'SIGKILL')
            })
          }
          await miniflare.dispose()
        }
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
      if (acknowledged.size === 0) throw new Error('nothing was acknowledged')
    },
  }
}

async function ensureAllThere(
  exchange: Exchange,
  acknowledged: ReadonlyMap<string, string | undefined>,
): Promise<void> {
  for (const [id, tag] of acknowledged) {
    const { status, headers: received } = await exchange({ method: 'GET', path: `/Users/${id}`, headers })
    if (status !== 200 || received.etag !== tag) {
      throw new Error(`${id} was acknowledged as ${tag}; a GET is ${status} with the tag ${received.etag}`)
    }
  }
}

/** Creates users until `kill` has ended the process. */
async function createUntil(
  exchange: Exchange,
  round: number,
  acknowledged: Map<string, string | undefined>,
  kill: () => void,
): Promise<void> {
  let isKilled = false
  const write = async (writer: number): Promise<void> => {
    for (let i = 0; !isKilled; i++) {
      const body = JSON.stringify({ schemas: [user], userName: `killed-${round}-${writer}-${i}` })
      // A request whose connection was cut is not acknowledged.
      const made = await exchange({ method: 'POST', path: '/Users', headers, body }).catch(() => undefined)
      if (made?.status === 201) acknowledged.set((JSON.parse(made.body) as { id: string }).id, made.headers.etag)
    }
  }
  const writing = Array.from({ length: writers }, (_, writer) => write(writer))
  await new Promise((resume) => setTimeout(resume, milliseconds))
  kill()
  isKilled = true
  await Promise.all(writing)
}

/** The processes of workerd that a process has started; the system need not have `ps`. */
function childrenOf(parent: number): readonly number[] {
  const children = `/proc/${parent}/task/${parent}/children`
  if (existsSync(children)) {
    const all = readFileSync(children, 'utf8').split(' ').filter(Boolean).map(Number)
    return all.filter((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'workerd')
  }
  const { stdout, error } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' })
  if (error !== undefined) throw error
  return stdout.split('\n').flatMap((line) => {
    const [pid, of, name = ''] = line.trim().split(/\s+/)
    return Number(of) === parent && name.includes('workerd') ? [Number(pid)] : []
  })
}
