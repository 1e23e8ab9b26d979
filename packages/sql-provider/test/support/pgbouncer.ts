/** A real PgBouncer on loopback, in transaction mode, in front of the server of the tests. */
import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { administer } from './postgres.js'

/** Its paths in Debian and in other systems. */
const program = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer'].find((path) =>
  existsSync(path),
)

/** Whether it is installed (`apt-get install pgbouncer`). */
export const hasPgBouncer: boolean = program !== undefined

/** A running pooler. */
export interface PgBouncer {
  /** The database of `url`, through the pooler. */
  readonly url: string
  stop(): Promise<void>
}

/** Starts one; `settings` are those of its section `[pgbouncer]`. */
export async function startPgBouncer(url: string, settings: Readonly<Record<string, string>> = {}): Promise<PgBouncer> {
  if (program === undefined) throw new Error('PgBouncer is not installed')
  const { hostname, port: serverPort, username, pathname } = new URL(url)
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'scimkit-pgbouncer-'))
  const port = await freePort()
  const all = {
    listen_addr: '127.0.0.1',
    listen_port: String(port),
    unix_socket_dir: '',
    auth_type: 'any',
    pool_mode: 'transaction',
    max_client_conn: '200',
    default_pool_size: '3',
    ...settings,
  }
  const file = join(folder, 'pgbouncer.ini')
  const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`)
  writeFileSync(
    file,
    [
      '[databases]',
      `* = host=${hostname} port=${serverPort || 5432} user=${username}`,
      '[pgbouncer]',
      ...lines,
      '',
    ].join('\n'),
  )
  const user = otherUser()
  if (user.uid !== undefined) for (const path of [folder, file]) chownSync(path, user.uid, user.gid)
  const child = spawn(program, ['-q', file], { ...user, cwd: '/', stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const endWithUs = (): void => void child.kill('SIGKILL')
  process.once('exit', endWithUs)
  const through = `postgres://${username}@127.0.0.1:${port}${pathname}`
  for (let tries = 0; ; tries++) {
    if (
      await administer(through, ['select 1']).then(
        () => true,
        () => false,
      )
    )
      break
    if (tries > 200) throw new Error('PgBouncer did not start')
    await sleep(50)
  }
  return {
    url: through,
    async stop() {
      child.kill('SIGKILL')
      await ended
      process.removeListener('exit', endWithUs)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

// It refuses to run as root.
function otherUser(): { readonly uid?: number; readonly gid: number } {
  if (process.getuid?.() !== 0) return { gid: process.getgid?.() ?? 0 }
  const idOf = (flag: string): number => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout)
  return { uid: idOf('-u'), gid: idOf('-g') }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
