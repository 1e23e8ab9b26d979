/**
 * A PostgreSQL for tests: a cluster of its own in a temporary folder, on loopback and a free port, gone when it is
 * stopped or when we are. No server that the machine runs already is touched.
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

/** Where Debian and Ubuntu keep their servers, which they do not put on the PATH. */
const debian = '/usr/lib/postgresql'
const patience = 30_000

/** The folder with `initdb` and `postgres`: the newest of Debian's, else one on the PATH; undefined if there is none. */
export function findPostgres() {
  const versions = existsSync(debian) ? readdirSync(debian).filter((name) => /^\d+$/.test(name)) : []
  const newestFirst = versions.sort((left, right) => right - left).map((version) => join(debian, version, 'bin'))
  return [...newestFirst, ...(process.env.PATH ?? '').split(delimiter)].find(
    (folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')),
  )
}

/** Whom to run the server as: it refuses to be root, so root runs it as the user that its package has made. */
function serverUser() {
  if (process.getuid?.() !== 0) return {}
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout),
  )
  if (!uid || !gid) throw new Error('PostgreSQL does not run as root, and there is no user named postgres')
  return { uid, gid }
}

/** A port that nobody listens on. */
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
 * Runs the server and, once it has ended, says what it logged and tidies up. The end of its own input is the order to
 * end the server; that comes even when we are killed. It must be the server's parent: nobody else may ever see it end.
 */
const keeper = `
exec 3<&0
"$@" </dev/null >"$0/log" 2>&1 &
server=$!
(cat >/dev/null; kill -QUIT $server 2>/dev/null) <&3 &
wait $server
cat "$0/log"
rm -rf "$0"`

/** Resolves when the server takes connections; throws if it ends instead, or takes too long. */
async function untilReady(keeping, data) {
  const status = join(data, 'postmaster.pid')
  const deadline = Date.now() + patience
  // The eighth line of that file is how `pg_ctl -w` knows, too.
  while (!existsSync(status) || readFileSync(status, 'utf8').split('\n')[7]?.trim() !== 'ready') {
    if (keeping.exitCode !== null || Date.now() > deadline) throw new Error('PostgreSQL did not start')
    await sleep(20)
  }
}

/**
 * Starts a PostgreSQL and gives `{url, stop()}`; the URL is that of a superuser without password. `fsync: false` makes
 * it faster and forgetful; `port` is one of your own. Throws if none is installed, or it does not start.
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
      // A Ctrl-C is for us, and we tell the server in our own time.
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
    // Whoever forgets to stop it is not kept from ending, and then it is stopped anyway.
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
 * Runs `action` with the environment that tests of PostgreSQL look at: the URL that the user has set, or that of a
 * server for this run, started with `options`. Without one they are skipped, which is said here; under CI they fail
 * instead.
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
