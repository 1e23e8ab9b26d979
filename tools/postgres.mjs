/**
 * A PostgreSQL for tests: a new cluster in a temporary folder, on loopback and a free port, removed when it is stopped or
 * when this process ends. Servers that run already on the machine are not touched.
 *
 *   node tools/postgres.mjs        starts one, prints its URL, and stops it when its input ends (Ctrl-D)
 */
import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The server folders of Debian and Ubuntu, which are not on the PATH. */
const debian = '/usr/lib/postgresql'
const patience = 30_000

/** The folder with `initdb` and `postgres`: the newest of Debian's, else one on the PATH; undefined if absent. */
export function findPostgres() {
  const versions = existsSync(debian) ? readdirSync(debian).filter((name) => /^\d+$/.test(name)) : []
  const newestFirst = versions.sort((left, right) => right - left).map((version) => join(debian, version, 'bin'))
  return [...newestFirst, ...(process.env.PATH ?? '').split(delimiter)].find(
    (folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')),
  )
}

/** The user of the server: it refuses to run as root, so root runs it as the user that its package created. */
function serverUser() {
  if (process.getuid?.() !== 0) return {}
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout),
  )
  if (!uid || !gid) throw new Error('PostgreSQL does not run as root, and there is no user named postgres')
  return { uid, gid }
}

/** An unused port. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

/**
 * Runs the server and, after it ended, prints its log and cleans up. The end of the script's input stops the server; that
 * happens even when the test process is killed. The script must be the parent of the server: only a parent can wait for it.
 */
const keeper = `
exec 3<&0
"$@" </dev/null >"$0/log" 2>&1 &
server=$!
(cat >/dev/null; kill -QUIT $server 2>/dev/null) <&3 &
wait $server
cat "$0/log"
rm -rf "$0"`

/** Resolves when the server accepts connections; throws if it ends instead, or takes too long. */
async function untilReady(keeping, data) {
  const status = join(data, 'postmaster.pid')
  const deadline = Date.now() + patience
  // `pg_ctl -w` uses the eighth line of that file too.
  while (!existsSync(status) || readFileSync(status, 'utf8').split('\n')[7]?.trim() !== 'ready') {
    if (keeping.exitCode !== null || Date.now() > deadline) throw new Error('PostgreSQL did not start')
    await sleep(20)
  }
}

/**
 * Starts a PostgreSQL and returns `{url, stop()}`; the URL is that of a superuser without password. `fsync: false` makes it
 * quick but not durable; `port` is a port to use. Throws if PostgreSQL is not installed, or does not start.
 */
export async function startPostgres({ fsync = true, port } = {}) {
  const binaries = findPostgres()
  if (binaries === undefined) throw new Error('PostgreSQL is not installed')
  const user = serverUser()
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'scimkit-postgres-'))
  try {
    if (user.uid !== undefined) chownSync(folder, user.uid, user.gid)
    const data = join(folder, 'data')
    const cluster = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
    const made = spawnSync(join(binaries, 'initdb'), cluster, { ...user, cwd: folder, encoding: 'utf8' })
    if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`)

    const chosen = port ?? (await freePort())
    const settings = [`fsync=${fsync ? 'on' : 'off'}`, 'listen_addresses=127.0.0.1', 'max_connections=200']
    const server = ['-D', data, '-p', String(chosen), '-k', folder, ...settings.flatMap((setting) => ['-c', setting])]
    const keeping = spawn('sh', ['-c', keeper, folder, join(binaries, 'postgres'), ...server], {
      ...user,
      cwd: '/',
      // A Ctrl-C is for this process, which stops the server itself.
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    let log = ''
    keeping.stdout.setEncoding('utf8').on('data', (text) => {
      log += text
    })
    const ended = new Promise((resolve) => keeping.once('close', resolve))
    const stop = async () => {
      for (const handle of [keeping, keeping.stdout]) handle.ref()
      keeping.stdin.end()
      await ended
    }
    // A caller that does not stop it can still exit, and then it is stopped automatically.
    for (const handle of [keeping, keeping.stdin, keeping.stdout]) handle.unref()
    try {
      await untilReady(keeping, data)
    } catch (error) {
      await stop()
      throw new Error(`${error.message}:\n${log}`)
    }
    return { url: `postgres://postgres@127.0.0.1:${chosen}/postgres`, stop }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/**
 * Runs `action` with the environment of the PostgreSQL tests: the URL that the user has set, or that of a server for this
 * run, started with `options`. Without a server the tests are skipped with a message; under CI they fail instead.
 */
export async function withPostgres(action, options = {}) {
  const { SCIMKIT_TEST_POSTGRES: given } = process.env
  if (given) return action({})
  const server = await startIfInstalled(options)
  if (server === undefined) return action({})
  try {
    return await action({ SCIMKIT_TEST_POSTGRES: server.url })
  } finally {
    await server.stop()
  }
}

async function startIfInstalled(options) {
  if (findPostgres() === undefined) {
    console.log('postgres: not installed, its tests are skipped (apt-get install postgresql)')
    return undefined
  }
  try {
    return await startPostgres(options)
  } catch (error) {
    console.log(`postgres: its tests are skipped. ${error.message}`)
    return undefined
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url, stop } = await startPostgres()
  console.log(url)
  process.stdin.resume().on('end', stop)
}
