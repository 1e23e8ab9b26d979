/**
 * `pnpm test:runtimes`: the contracts under every supported runtime, each bundled from the published files. It is a
 * separate command because the runtimes need half a gigabyte; they are installed from npm into runtime-tests/node_modules,
 * at the versions of its lockfile. A runtime that cannot be installed is a failure, because its test has not passed.
 *
 *   node tools/test-runtimes.mjs [runtime …]      two at a time, one line for each; the last line counts
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import { hostExamples, installExample, startExample } from './host-example.mjs'
import { build, checkNode, inLanes, root, run, seconds } from './workspace.mjs'

const folder = join(root, 'runtime-tests')
const modules = join(folder, 'node_modules')
const out = join(modules, '.cache')

/** Longer than the slowest runtime on a slow machine; a runtime that hangs must not block the others. */
const patience = 600_000

/** Longer than an application of examples/ takes to be built and to listen. */
const startPatience = 180_000

/** The one file whose name fits, in the platform package that npm chose; undefined if npm chose none. */
function binary(scope, pattern, path) {
  const packages = existsSync(join(modules, scope)) ? readdirSync(join(modules, scope)) : []
  const found = packages.filter((name) => pattern.test(name)).map((name) => join(modules, scope, name, path))
  return found.find((file) => existsSync(file))
}

const findNode24 = () => binary('', /^node-(linux|darwin)-/, 'bin/node')
const findBun = () => binary('@oven', /^bun-/, process.platform === 'win32' ? 'bin/bun.exe' : 'bin/bun')
const findDeno = () => binary('@deno', /./, process.platform === 'win32' ? 'deno.exe' : 'deno')

/** The folder of databases: one for each runtime, removed afterwards. */
const stores = join(out, 'stores')

const frameworks = ['express', 'koa', 'hono', '@hono/node-server']

/** Express, Koa and Hono under a runtime; loaded from the workspace, not bundled. */
function hosts(runtime) {
  return { name: `${runtime}-hosts`, entry: 'hosts/main.ts', external: frameworks, args: [runtime] }
}

/**
 * The runtimes. `conditions` are those that the runtime, or the bundler of its users, looks for in package.json;
 * `digest` is the file of the core that they must lead to. One with `stores` is handed an empty folder in there. One with
 * `onDemand` needs that package, and is run only where it is named. One with `ownKysely` takes the newest Kysely that we
 * support, from runtime-tests; the others take the oldest, from the workspace.
 */
export const runtimes = [
  { name: 'node', entry: 'node/main.ts', conditions: ['node'], digest: 'digest.node.js', find: () => process.execPath },
  {
    name: 'node-24',
    entry: 'node/main.ts',
    conditions: ['node'],
    digest: 'digest.node.js',
    find: findNode24,
  },
  {
    name: 'bun',
    entry: 'bun/main.ts',
    conditions: ['bun'],
    digest: 'digest.web.js',
    find: findBun,
  },
  {
    name: 'deno',
    entry: 'deno/main.ts',
    conditions: ['deno'],
    digest: 'digest.web.js',
    // No permissions: no files, no network, no environment.
    flags: ['run', '--quiet', '--no-prompt'],
    find: findDeno,
  },
  {
    name: 'node-24-sqlite',
    ownKysely: true,
    entry: 'sqlite/main.ts',
    conditions: ['node'],
    digest: 'digest.node.js',
    stores,
    find: findNode24,
  },
  {
    // Only on request: its install script may compile for minutes.
    name: 'node-better-sqlite3',
    onDemand: 'better-sqlite3@12.11.1',
    entry: 'sqlite/main.ts',
    conditions: ['node'],
    digest: 'digest.node.js',
    stores,
    args: ['better-sqlite3'],
    find: () => process.execPath,
  },
  {
    name: 'bun-sqlite',
    entry: 'sqlite/main.ts',
    conditions: ['bun'],
    digest: 'digest.web.js',
    stores,
    find: findBun,
  },
  {
    name: 'deno-sqlite',
    entry: 'sqlite/main.ts',
    conditions: ['deno'],
    digest: 'digest.web.js',
    stores,
    flags: ['run', '--quiet', '--no-prompt', `--allow-read=${stores}`, `--allow-write=${stores}`],
    find: findDeno,
  },
  { ...hosts('node'), conditions: ['node'], digest: 'digest.node.js', find: () => process.execPath },
  { ...hosts('bun'), conditions: ['bun'], digest: 'digest.web.js', find: findBun },
  {
    ...hosts('deno'),
    conditions: ['deno'],
    digest: 'digest.web.js',
    flags: [
      'run',
      '--quiet',
      '--no-prompt',
      `--allow-read=${root}`,
      '--allow-env',
      '--allow-net=127.0.0.1',
      '--allow-sys',
    ],
    find: findDeno,
  },
  {
    name: 'workerd',
    entry: 'workerd/main.ts',
    conditions: ['node'],
    worker: { entry: 'workerd/worker.ts', conditions: ['workerd', 'worker', 'browser'], digest: 'digest.web.js' },
    find: () => process.execPath,
  },
  {
    name: 'workerd-d1',
    entry: 'workerd-d1/main.ts',
    conditions: ['node'],
    worker: { entry: 'workerd-d1/worker.ts', conditions: ['workerd', 'worker', 'browser'], digest: 'digest.web.js' },
    find: () => process.execPath,
  },
  {
    name: 'workerd-do',
    entry: 'workerd-do/main.ts',
    conditions: ['node'],
    worker: { entry: 'workerd-do/worker.ts', conditions: ['workerd', 'worker', 'browser'], digest: 'digest.web.js' },
    find: () => process.execPath,
  },
  ...hostExamples.map((example) => ({
    name: `example-${example}`,
    example,
    entry: 'examples/main.ts',
    conditions: ['node'],
    find: () => process.execPath,
  })),
]

/** Resolves `import { traces } from 'traces'` to the JSON files of the testkit. */
const tracesInside = {
  name: 'traces',
  setup({ onResolve, onLoad }) {
    const resolveDir = join(root, 'packages/testkit/traces')
    onResolve({ filter: /^traces$/ }, () => ({ path: 'traces', namespace: 'traces' }))
    onLoad({ filter: /./, namespace: 'traces' }, () => {
      const names = readdirSync(resolveDir).filter((name) => name.endsWith('.json'))
      const imports = names.map((name, i) => `import t${i} from './${name}'`)
      const traces = names.map((name, i) => `{ ...t${i}, id: '${basename(name, '.json')}' }`)
      return { contents: `${imports.join('\n')}\nexport const traces = [${traces.join(', ')}]`, resolveDir }
    })
  },
}

/** Resolves Kysely from runtime-tests, whichever package imports it. */
const kyselyOfRuntimeTests = {
  name: 'kysely',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^kysely$/ }, ({ pluginData, kind }) =>
      pluginData === 'kysely' ? undefined : resolve('kysely', { resolveDir: folder, kind, pluginData: 'kysely' }),
    )
  },
}

/** Bundles everything into one file; throws if the core uses another digest than the conditions should resolve to. */
export async function bundle(outfile, { entry, conditions, digest, external = [], ownKysely = false }) {
  const { metafile } = await esbuild.build({
    entryPoints: [join(folder, entry)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    conditions: [...conditions, 'import'],
    // Modules that only other callers of the testkit need; and the simulator itself.
    external: ['node:*', 'cloudflare:*', 'miniflare', ...external],
    plugins: ownKysely ? [tracesInside, kyselyOfRuntimeTests] : [tracesInside],
    logLevel: 'silent',
    metafile: true,
  })
  const digests = Object.keys(metafile.inputs).flatMap((input) => /digest\.\w+\.js$/.exec(input)?.[0] ?? [])
  if (digest !== undefined && digests.join() !== digest) {
    throw new Error(`the conditions ${conditions} lead to ${digests.join(' and ') || 'no digest'}, expected ${digest}`)
  }
}

/** Installs the packages that the named runtimes need beside those of the lockfile. */
async function installOnDemand(names) {
  const packages = runtimes.flatMap(({ name, onDemand }) => (onDemand && names.includes(name) ? [onDemand] : []))
  // They may compile for minutes, so builds for this Node are kept.
  const stamp = join(modules, '.on-demand')
  const wanted = `${process.version} ${packages}`
  const isThere = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
  if (packages.length === 0 || (isThere && packages.every((name) => existsSync(join(modules, nameOf(name))))))
    return { ok: true, output: '' }
  const npm = (...args) => run('npm', ['--prefix', folder, ...args])
  const installed = await npm(
    'install',
    ...['--no-save', '--prefer-offline', '--no-audit', '--ignore-scripts', ...packages],
  )
  if (!installed.ok) return installed
  // Only these packages need their scripts, and need them where npm is configured to run none.
  const built = await npm('rebuild', '--ignore-scripts=false', ...packages.map(nameOf))
  if (built.ok) writeFileSync(stamp, wanted)
  return built
}

const nameOf = (specifier) => specifier.slice(0, specifier.lastIndexOf('@'))

/** Installs the runtimes, unless they are those of the lockfile. */
async function install() {
  const stamp = join(modules, '.installed')
  const lock = readFileSync(join(folder, 'package-lock.json'))
  const wanted = createHash('sha256').update(`${process.platform} ${process.arch}`).update(lock).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return { ok: true, output: '' }
  const result = await run('npm', ['--prefix', folder, 'ci', '--prefer-offline', '--no-audit'])
  if (result.ok) writeFileSync(stamp, wanted)
  return result
}

function emptyFolder(folder) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
}

/** Bundles for one runtime and runs the contracts there. */
export async function playIn({ example, ...runtime }) {
  if (example === undefined) return playWith(runtime)
  const installed = await installExample(example)
  if (!installed.ok) return { passed: 0, failed: 1, output: installed.output }
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const typed = await run(process.execPath, [tsc, '--noEmit', '-p', join(root, 'examples', example)])
  if (!typed.ok) return { passed: 0, failed: 1, output: typed.output }
  const app = await startedExample(example)
  try {
    return app.url === undefined
      ? { passed: 0, failed: 1, output: app.output() }
      : await playWith({ ...runtime, args: [app.url] })
  } finally {
    await app.stop()
  }
}

/** The token that the contracts send. */
const token = 'a-token-of-acme-of-32-characters-or-more'

/** An application of examples/ with an empty store; without a URL if it does not answer in time. */
async function startedExample(example) {
  mkdirSync(out, { recursive: true })
  const data = join(out, `example-${example}.db`)
  for (const file of [data, `${data}-wal`, `${data}-shm`, join(root, 'examples', example, '.wrangler')]) {
    rmSync(file, { recursive: true, force: true })
  }
  const port = String(await freePort())
  const { child, ended } = startExample(example, { PORT: port, SCIM_TOKEN: token, SCIM_DATA: data }, 'pipe')
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text
    })
  }
  const url = `http://127.0.0.1:${port}/scim/v2`
  const stop = async () => {
    // Its children too: npm does not pass on every signal.
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGTERM')
    await ended
  }
  const isReady = await answersInTime(`${url}/Users`, ended)
  return { url: isReady ? url : undefined, output: () => output, stop }
}

async function answersInTime(address, ended) {
  const started = performance.now()
  let isOver = false
  void ended.then(() => {
    isOver = true
  })
  while (!isOver && performance.now() - started < startPatience) {
    const answer = await fetch(address, { headers: { authorization: `Bearer ${token}` } }).catch(() => undefined)
    if (answer?.status === 200) return true
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return false
}

async function freePort() {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function playWith({ name, find, flags = [], args: more = [], worker, stores, onDemand: _, ...main }) {
  const program = find()
  if (program === undefined) return { passed: 0, failed: 1, output: `npm has brought no ${name} for this machine` }
  mkdirSync(out, { recursive: true })
  const file = join(out, `${name}.mjs`)
  const workerFile = join(out, `${name}-worker.mjs`)
  try {
    await bundle(file, main)
    if (worker !== undefined) await bundle(workerFile, worker)
  } catch (error) {
    return { passed: 0, failed: 1, output: error.message }
  }
  const folders = stores === undefined ? [] : [join(stores, name)]
  for (const folder of folders) emptyFolder(folder)
  const args = [...flags, file, ...(worker === undefined ? [] : [workerFile]), ...folders, ...more]
  const { ok, output } = await run(program, args, { timeout: patience })
  for (const folder of folders) rmSync(folder, { recursive: true })
  const counts = /^(\d+) passed, (\d+) failed$/m.exec(output)
  const [passed, failed] = [Number(counts?.[1] ?? 0), Number(counts?.[2] ?? 0)]
  // A run that failed, or tested nothing, has not passed.
  return { passed, failed: failed === 0 && (!ok || passed === 0) ? 1 : failed, output }
}

/** Prints the results of `names`, all by default, and returns the totals. */
export async function testRuntimes(names = runtimes.filter(({ onDemand }) => !onDemand).map(({ name }) => name)) {
  const total = { passed: 0, failed: 0 }
  const report = (name, started, { passed, failed, output }) => {
    if (failed > 0) console.log(output.trimEnd())
    console.log(
      `${failed > 0 ? '✗' : '✓'} ${name.padEnd(23)} ${seconds(started).padStart(7)} ${passed} passed, ${failed} failed`,
    )
    total.passed += passed
    total.failed += failed
  }
  for (const [name, action] of Object.entries({ build, install, extra: () => installOnDemand(names) })) {
    const started = performance.now()
    const { ok, output } = await action()
    if (ok) continue
    report(name, started, { passed: 0, failed: 1, output })
    return total
  }
  const tasks = runtimes
    .filter(({ name }) => names.includes(name))
    // Those in workerd take longest.
    .sort((left, right) => Number('worker' in right) - Number('worker' in left))
    .map((runtime) => {
      const action = async () => {
        const started = performance.now()
        report(runtime.name, started, await playIn(runtime))
      }
      return { name: runtime.name, action }
    })
  await inLanes(tasks)
  return total
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  checkNode()
  const names = process.argv.slice(2)
  const unknown = names.filter((name) => !runtimes.some((runtime) => runtime.name === name))
  if (unknown.length > 0) {
    console.error(`Unknown runtime: ${unknown.join(', ')}; known are: ${runtimes.map(({ name }) => name).join(', ')}.`)
    process.exit(2)
  }
  const started = performance.now()
  const { passed, failed } = await testRuntimes(names.length > 0 ? names : undefined)
  console.log(`${seconds(started)} in all`)
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
}
