/** PostgreSQL servers of a test, on loopback, that can be stopped, started again, copied and promoted. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { administer } from './postgres.js'

/** One server. */
export interface OwnPostgres {
  readonly url: string
  readonly port: number
  /** Ends it: `immediate` like a crash, `fast` in an orderly way. */
  stop(how: 'immediate' | 'fast'): Promise<void>
  /** Starts it again on the same data; resolves when it accepts connections. */
  start(): Promise<void>
  /** Ends the recovery of a standby. */
  promote(): Promise<void>
  /** Restarts a stopped server as a standby of another one; its own data is replaced. */
  follow(primary: OwnPostgres): Promise<void>
  /** Ends it and deletes its data. */
  remove(): Promise<void>
}

const debian = '/usr/lib/postgresql'

function binaries(): string | undefined {
  const versions = existsSync(debian) ? readdirSync(debian).filter((name) => !Number.isNaN(Number(name))) : []
  const folders = versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(debian, version, 'bin'))
  return [...folders, ...(process.env.PATH ?? '').split(delimiter)].find((folder) =>
    ['initdb', 'postgres', 'pg_basebackup', 'pg_ctl'].every((name) => existsSync(join(folder, name))),
  )
}

/** Whether this machine can run PostgreSQL servers for a test. */
export const canRunPostgres: boolean = process.env.SCIMKIT_TEST_POSTGRES !== undefined && binaries() !== undefined

// The server refuses to run as root, so root runs it as the user that its package has created.
function serverUser(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {}
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

// The end of its input ends the server, also when the test is killed.
const keeper = `
exec 3<&0
"$@" </dev/null >>"$0/log" 2>&1 &
server=$!
(cat >/dev/null; kill -QUIT $server 2>/dev/null) <&3 &
wait $server`

/** Starts an empty server; `settings` are those of postgresql.conf. */
export async function ownPostgres(settings: Readonly<Record<string, string>> = {}): Promise<OwnPostgres> {
  const found = binaries()
  if (found === undefined) throw new Error('PostgreSQL is not installed')
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'scimkit-own-postgres-'))
  const data = join(folder, 'data')
  const user = serverUser()
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
  const run = (name: string, args: readonly string[]): void => {
    const { status, stderr } = spawnSync(join(found, name), args, { ...user, cwd: folder, encoding: 'utf8' })
    if (status !== 0) throw new Error(`${name}: ${stderr}`)
  }
  const port = await freePort()
  let keeping: ChildProcess | undefined

  const server: OwnPostgres = {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    async start() {
      const all = { listen_addresses: '127.0.0.1', unix_socket_directories: folder, ...settings }
      const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
      keeping = spawn('sh', ['-c', keeper, folder, join(found, 'postgres'), '-D', data, '-p', String(port), ...flags], {
        ...user,
        cwd: '/',
        detached: true,
        stdio: ['pipe', 'ignore', 'ignore'],
      })
      for (const deadline = performance.now() + 30_000; performance.now() < deadline; await sleep(20)) {
        if (statusIn(data) === 'ready' && (await administer(server.url, ['select 1']).catch(() => [])).length === 1)
          return
      }
      throw new Error(`PostgreSQL did not start:\n${readFileSync(join(folder, 'log'), 'utf8')}`)
    },
    async stop(how) {
      const running = keeping
      keeping = undefined
      if (running === undefined || running.exitCode !== null) return
      const ended = new Promise<void>((resolve) => running.once('exit', () => resolve()))
      if (how === 'fast') run('pg_ctl', ['-D', data, '-m', 'fast', '-W', 'stop'])
      else running.stdin?.end()
      await ended
      running.stdin?.end()
    },
    async promote() {
      await administer(server.url, ['select pg_promote(true)'])
    },
    async follow(primary) {
      await server.stop('immediate')
      rmSync(data, { recursive: true, force: true })
      const from = ['-h', '127.0.0.1', '-p', String(primary.port), '-U', 'postgres', '-c', 'fast']
      run('pg_basebackup', ['-D', data, '-R', '-X', 'stream', ...from])
      await server.start()
    },
    async remove() {
      await server.stop('immediate')
      rmSync(folder, { recursive: true, force: true })
    },
  }
  run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'])
  await server.start()
  return server
}

// `pg_ctl -w` also reads the eighth line of that file; it is `standby` for a standby that accepts connections.
function statusIn(data: string): string {
  const file = join(data, 'postmaster.pid')
  const status = existsSync(file) ? readFileSync(file, 'utf8').split('\n')[7]?.trim() : undefined
  return status === 'standby' ? 'ready' : (status ?? '')
}
