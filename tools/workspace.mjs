/**
 * Functions that start, test, prove and the examples share: they must work with only Node and npm, so pnpm is run through
 * npx, pinned by `packageManager`, and only if an installation is necessary.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')
process.chdir(root)

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const windows = process.platform === 'win32'
const environment = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', NO_UPDATE_NOTIFIER: '1' }

/** Reports a Node version that is too old in one line, instead of a syntax error later. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  console.error(`ScimKit needs Node ${manifest.engines.node}; this is ${process.versions.node}.`)
  process.exit(1)
}

/**
 * Runs a command and returns `{ok, output}`: all its output, in order, as one text. `onLine` receives each line as it
 * is printed. After `timeout` milliseconds the command is stopped and counts as failed.
 */
export function run(command, args, { env = {}, timeout, onLine = () => {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env: { ...environment, ...env },
      shell: windows,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout,
    })
    let output = ''
    let line = ''
    const collect = (text) => {
      output += text
      const lines = (line + text).split('\n')
      line = lines.pop() ?? ''
      for (const each of lines) onLine(each)
    }
    child.stdout.setEncoding('utf8').on('data', collect)
    child.stderr.setEncoding('utf8').on('data', collect)
    child.on('error', (error) => resolve({ ok: false, output: `${output}${error.message}\n` }))
    child.on('close', (code) => resolve({ ok: code === 0, output }))
  })
}

/**
 * Runs all tasks, each `{name, action}`, two at a time and in their order. A task with `after`, a list of names, begins when
 * those of them that are among the tasks have ended.
 */
export async function inLanes(tasks) {
  const waiting = [...tasks]
  const running = new Map()
  const isOpen = (name) => running.has(name) || waiting.some((task) => task.name === name)
  while (waiting.length > 0 || running.size > 0) {
    const next = running.size < 2 ? waiting.findIndex(({ after = [] }) => !after.some(isOpen)) : -1
    if (next === -1) await Promise.race(running.values())
    else {
      const [{ name, action }] = waiting.splice(next, 1)
      running.set(
        name,
        action().finally(() => running.delete(name)),
      )
    }
  }
}

/** Runs pnpm at the pinned version: the one on the PATH if it is that version, else through npx. */
export function pnpm(args, options) {
  const pinned = manifest.packageManager.split('@')[1]
  const found = spawnSync('pnpm', ['--version'], { encoding: 'utf8', shell: windows })
  if (found.stdout?.trim() === pinned) return run('pnpm', args, options)
  return run('npx', ['--prefer-offline', '--yes', `pnpm@${pinned}`, ...args], options)
}

const stamp = join(root, 'node_modules', '.scimkit-installed')

/** A key that changes whenever an install is necessary. */
function fingerprint() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`)
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/package.json`)
  const files = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'examples/package.json', ...packages]
  for (const file of files) {
    if (existsSync(join(root, file))) hash.update(file).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

/** True if the installed packages are those of the lockfile. */
export function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint()
}

/** Installs exactly the lockfile; `onProgress` receives the counts of pnpm as text. */
export async function install(onProgress = () => {}) {
  const mark = 'Progress: '
  const result = await pnpm(['install', '--frozen-lockfile', '--reporter=append-only'], {
    onLine: (line) => line.startsWith(mark) && onProgress(line.slice(mark.length)),
  })
  if (result.ok) {
    mkdirSync(join(root, 'node_modules'), { recursive: true })
    writeFileSync(stamp, fingerprint())
  }
  return result
}

/** Removes compiled files whose sources were removed: the compiler keeps them, and they would be published. */
function sweep() {
  const packages = readdirSync(join(root, 'packages')).map((name) => [`packages/${name}/src`, `packages/${name}/dist`])
  for (const folders of [...packages, ['examples', 'examples/dist']]) {
    const [src, dist] = folders.map((folder) => join(root, folder))
    for (const file of existsSync(dist) ? readdirSync(dist, { recursive: true }) : []) {
      const source = /^(.+?)(\.d\.ts|\.js)(\.map)?$/.exec(file)?.[1]
      if (source !== undefined && !existsSync(join(src, `${source}.ts`))) rmSync(join(dist, file))
    }
  }
}

/** Compiles every package whose sources changed; `onProgress` receives the name of each, and their number. */
export function build(onProgress = () => {}) {
  sweep()
  let packages = 0
  let begun = 0
  return pnpm(['exec', 'turbo', 'run', 'build', '--output-logs=new-only', '--no-color'], {
    onLine(line) {
      packages = Number(/Running build in (\d+) packages/.exec(line)?.[1] ?? packages)
      const name = /^(\S+):build: cache (?:hit|miss|bypass)/.exec(line)?.[1]
      if (name === undefined) return
      begun += 1
      if (!line.includes('cache hit')) onProgress(`${name} (package ${begun} of ${packages})`)
    },
  })
}

const quietSeconds = 0.8

/**
 * Runs one step. A long step shows its progress, one line every one to five seconds; a failed one shows all its output.
 */
export async function runStep(name, action) {
  const started = performance.now()
  let latest = ''
  let shown = { line: '', at: started }
  const show = () => {
    const line = latest === '' ? `${name} …` : `${name}: ${latest}`
    if (line === shown.line && performance.now() - shown.at < 5_000) return
    console.error(`${line}, ${seconds(started)}`)
    shown = { line, at: performance.now() }
  }
  const after = setTimeout(show, quietSeconds * 1_000)
  const each = setInterval(show, 1_000)
  const { ok, output } = await action((progress) => {
    latest = progress
  })
  clearTimeout(after)
  clearInterval(each)
  if (ok) return
  console.error(`${name} failed:\n${output}`)
  process.exit(1)
}

const memory = '/dev/shm'
const enoughMemory = 4 * 1024 ** 3

/**
 * Runs `action` with an environment whose temporary folder is in memory, on Linux with enough of it: there an fsync takes no
 * time, and on a disk the tests wait for thousands. It is for tests that kill processes, never the machine.
 */
export async function withTemporaryFilesInMemory(action) {
  if (freeBytes(memory) < enoughMemory) return action({})
  const folder = mkdtempSync(join(memory, 'scimkit-tests-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  const end = () => {
    remove()
    process.exit(1)
  }
  // Else a Ctrl-C would leave files that occupy memory.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end)
  try {
    // As in /tmp: a PostgreSQL that a test starts runs as another user, and removes its own folder.
    chmodSync(folder, 0o1777)
    return await action({ TMPDIR: folder })
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, end)
    remove()
  }
}

function freeBytes(folder) {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return 0
  }
}

/** The prefix of the lines of tools/jest-progress.mjs. */
export const progressMark = '  jest: '

const showProgress = (line) => {
  if (line.startsWith(progressMark)) console.log(line)
}

/**
 * Runs jest with the given arguments and reads its counts; a file that cannot be loaded is one failure. Its progress is
 * shown while it runs, or `onLine` receives all of its lines.
 */
export async function jest(args, { env = {}, onLine = showProgress } = {}) {
  const report = join(root, 'node_modules', '.cache', `jest-${process.pid}.json`)
  mkdirSync(join(root, 'node_modules', '.cache'), { recursive: true })
  const { ok, output } = await run(
    process.execPath,
    [
      '--experimental-vm-modules',
      // Tests allocate much that is short-lived: a larger young generation takes a sixth off the time of large files.
      '--max-semi-space-size=64',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
      '--ci',
      '--reporters=default',
      `--reporters=${join(root, 'tools', 'jest-progress.mjs')}`,
      '--json',
      `--outputFile=${report}`,
      ...args,
    ],
    { env, onLine },
  )
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0, output }
  const counts = JSON.parse(readFileSync(report, 'utf8'))
  const failed = counts.numFailedTests + counts.numRuntimeErrorTestSuites
  return {
    passed: counts.numPassedTests,
    failed: failed === 0 && !ok ? 1 : failed,
    skipped: counts.numPendingTests + counts.numTodoTests,
    output,
  }
}

/** Seconds since `since`, for the lines of steps. */
export const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`
