/**
 * Packs every published package, as for npm, and checks the tarballs: with publint and attw, and in a separate project
 * without access to the workspace. The check exists because inside the workspace every import works: by the source
 * condition, by the node_modules of another package, by a file that is missing in `files`. Only a separate project shows
 * files that are exported but not packed.
 *
 * Each package has a small consumer in tools/consumers, `<folder>.ts`, that exports `run()`. It is type-checked, strictly
 * and with all the declarations it reaches, and run: once as a module that imports, once as CommonJS that `require()`s.
 * tools/consumers/jest-commonjs is a host that tests with Jest as CommonJS, with the configuration that the guide shows.
 *
 *   node tools/check-exports.mjs [root, built] [folder of consumers]      exit code 1 and one line for each finding
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join, posix, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import ts from 'typescript'
import { packPackages } from './pack.mjs'
import { root as home, pnpm, run } from './workspace.mjs'

const tool = (path) => join(home, 'node_modules', path)
const sourceCondition = '@scimkit/source'

/** The other dependencies of the separate project: frameworks and types, at the versions of this workspace. */
const companions = ['express', 'koa', 'hono', 'kysely', '@types/express', '@types/koa', '@types/node']
const jestConsumer = 'jest-commonjs'
/** The dependencies of a host that tests with Jest as CommonJS. */
const jestCompanions = ['jest', 'ts-jest', '@jest/globals', '@swc/jest', '@swc/core', 'typescript']

/** The files of a tarball by path, without the `package/` that npm puts in front. */
export function filesOf(tarball) {
  const bytes = gunzipSync(tarball)
  const text = (from, length) => bytes.toString('utf8', from, from + length).replace(/\0.*$/s, '')
  const files = new Map()
  let longName
  for (let at = 0; at + 512 <= bytes.length && bytes[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8)
    const type = String.fromCharCode(bytes[at + 156])
    const content = bytes.subarray(at + 512, at + 512 + size)
    const prefix = text(at + 345, 155)
    const name = longName ?? (prefix === '' ? text(at, 100) : `${prefix}/${text(at, 100)}`)
    // Paths of more than 100 characters are in a separate header before their file.
    longName = type === 'x' ? /^\d+ path=(.*)$/m.exec(content.toString('utf8'))?.[1] : undefined
    if (type === '0' || type === '\0') files.set(name.replace(/^package\//, ''), content)
    at += 512 + Math.ceil(size / 512) * 512
  }
  return files
}

/** Superfluous and missing files of a package; `folder` is its source folder. */
export function checkContents(files, folder) {
  const manifest = JSON.parse(files.get('package.json').toString('utf8'))
  const problems = []
  for (const file of ['README.md', 'LICENSE']) {
    if (!files.has(file)) problems.push(`${file} is not packed`)
  }

  const dependencies = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies }
  for (const [name, range] of Object.entries(dependencies)) {
    if (/^(workspace|link|file|catalog):/.test(range)) problems.push(`package.json: ${name} is ${range}: not on npm`)
  }
  if (manifest.name === '@scimkit/core' && Object.keys(dependencies).length > 0) {
    problems.push(`package.json: depends on ${Object.keys(dependencies).join(', ')}; the core depends on nothing`)
  }
  for (const field of ['exports', 'imports']) {
    if (JSON.stringify(manifest[field] ?? {}).includes(`"${sourceCondition}"`)) {
      problems.push(`package.json: ${field} has ${sourceCondition}: name ${field} under publishConfig, without it`)
    }
  }
  for (const target of targetsOf([manifest.exports, manifest.imports, manifest.bin])) {
    if (!files.has(posix.normalize(target))) problems.push(`package.json: ${target} is not packed`)
  }

  for (const [name, content] of files) {
    if (/^dist\/.*\.(js|d\.ts)$/.test(name)) problems.push(...undeclared(name, content, manifest, dependencies))
    if (name.endsWith('.tsbuildinfo')) problems.push(`${name} is packed: it is for the compiler of this workspace`)
    if (/^(test|node_modules|\.turbo)\//.test(name)) problems.push(`${name} is packed: exclude its folder in “files”`)
    const source = /^dist\/(.+?)(\.d\.ts|\.js)(\.map)?$/.exec(name)?.[1]
    if (source !== undefined && existsSync(join(folder, 'src')) && !existsSync(join(folder, `src/${source}.ts`))) {
      problems.push(`${name} is packed, and its source is gone: build again`)
    }
  }
  return [...problems, ...lostSources(files)]
}

/** Every path in a field like `exports`. */
function targetsOf(value) {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([condition, inner]) => (condition === sourceCondition ? [] : targetsOf(inner)))
}

/** Imports of a file that its package does not declare; in the workspace they work, because another package has them. */
function undeclared(name, content, manifest, dependencies) {
  return ts
    .preProcessFile(content.toString('utf8'), true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((specifier) => !/^[.#]/.test(specifier) && !isBuiltin(specifier))
    .map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)[0])
    .filter((dependency) => dependency !== manifest.name && !(dependency in dependencies))
    .map((dependency) => `${name} imports ${dependency}, which is not among the dependencies`)
}

/** Source maps that refer to files outside of the package, as one finding. */
function lostSources(files) {
  const lost = []
  for (const [name, content] of files) {
    const { sources, sourcesContent = [] } = name.endsWith('.map')
      ? JSON.parse(content.toString('utf8'))
      : { sources: [] }
    const missing = sources.filter((source, i) => {
      return sourcesContent[i] == null && !files.has(posix.join(posix.dirname(name), source))
    })
    lost.push(...missing.map((source) => `${name} leads to ${source}`))
  }
  const others = lost.length > 1 ? ` (and ${lost.length - 1} more)` : ''
  return lost.length === 0 ? [] : [`${lost[0]}, which is not packed${others}: a debugger would show an empty page`]
}

async function checkByPublint({ file }) {
  const bytes = readFileSync(file)
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const { messages, pkg } = await publint({ pack: { tarball }, level: 'warning', strict: true })
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`)
}

async function checkByAttw({ file }) {
  const attw = tool('@arethetypeswrong/cli/dist/index.js')
  // All resolutions, including node10. The ignored rule reports that the packages are ESM only.
  const rules = ['--profile', 'strict', '--ignore-rules', 'cjs-resolves-to-esm']
  const flags = [...rules, '--format', 'ascii', '--no-color', '--no-emoji', '--no-definitely-typed']
  const { ok, output } = await run(process.execPath, [attw, file, ...flags])
  return ok ? [] : [`attw: ${output.trim().replaceAll('\n', '\n  ')}`]
}

/** Creates the separate project and installs every tarball, with the other dependencies. */
async function install(scratch, packages, usesJest) {
  const tarballs = Object.fromEntries(packages.map(({ manifest, file }) => [manifest.name, `file:${file}`]))
  const { devDependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  const others = Object.fromEntries(
    [...companions, ...(usesJest ? jestCompanions : [])].map((name) => [name, devDependencies[name]]),
  )
  const manifest = { name: 'stranger', private: true, type: 'module', dependencies: { ...tarballs, ...others } }
  writeFileSync(join(scratch, 'package.json'), JSON.stringify(manifest))
  // Without scripts: the packages must not need install scripts.
  const settings = { packages: [], pmOnFail: 'ignore', strictPeerDependencies: true, overrides: tarballs }
  writeFileSync(join(scratch, 'pnpm-workspace.yaml'), JSON.stringify(settings))
  const { ok, output } = await pnpm(['--dir', scratch, 'install', '--prefer-offline', '--ignore-scripts'])
  return ok ? [] : [`the tarballs cannot be installed:\n${output}`]
}

const compilerOptions = {
  target: 'es2022',
  lib: ['es2022'],
  types: ['node'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  rootDir: '.',
  outDir: 'out',
}

/** Type-checks each consumer and runs it, by `import` and by `require()`. */
async function consume(scratch, packages, consumers) {
  const problems = []
  const present = packages.filter(({ name }) => {
    const there = existsSync(join(consumers, `${name}.ts`))
    if (!there) problems.push(`${name}: no ${basename(consumers)}/${name}.ts that uses it as an external project would`)
    return there
  })
  for (const { name } of present) {
    for (const ending of ['mts', 'cts']) cpSync(join(consumers, `${name}.ts`), join(scratch, `${name}.${ending}`))
  }
  writeFileSync(join(scratch, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.mts', '*.cts'] }))
  const tsc = await run(process.execPath, [tool('typescript/bin/tsc'), '-p', scratch, '--pretty', 'false'])
  if (!tsc.ok) problems.push(`consumers do not compile:\n${tsc.output.trimEnd()}`)

  const runBy = async (way, name) => {
    const path = join(scratch, 'out', `${name}.${way === 'import' ? 'mjs' : 'cjs'}`)
    if (!existsSync(path)) return []
    const load =
      way === 'import' ? `import(${JSON.stringify(path)})` : `(async () => require(${JSON.stringify(path)}))()`
    const script = `${load}.then(({ run }) => run()).then(() => process.exit(0))`
    const { ok, output } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', '-e', script])
    return ok ? [] : [`${name}: by ${way}: ${output.trim()}`]
  }
  for (const { name } of present) {
    problems.push(...(await Promise.all([runBy('import', name), runBy('require()', name)])).flat())
  }
  return problems
}

/** Every command of a package prints its version and ends. */
async function checkCommands(scratch, packages) {
  const problems = []
  for (const { name, manifest } of packages) {
    for (const [command, path] of Object.entries(manifest.bin ?? {})) {
      const { ok, output } = await run(process.execPath, [
        join(scratch, 'node_modules', manifest.name, path),
        '--version',
      ])
      if (!ok || output.trim() !== manifest.version) {
        problems.push(`${name}: “${command} --version” says “${output.trim()}”, expected ${manifest.version}`)
      }
    }
  }
  return problems
}

/** Runs the tests of a host whose Jest loads the packages as CommonJS. */
async function testByJest(scratch, consumer) {
  const folder = join(scratch, jestConsumer)
  cpSync(consumer, folder, { recursive: true })
  const jest = join(scratch, 'node_modules/jest/bin/jest.js')
  const { ok, output } = await run(process.execPath, [
    jest,
    '--rootDir',
    folder,
    '--config',
    join(folder, 'jest.config.cjs'),
  ])
  return ok ? [] : [`${jestConsumer}: ${output.trim()}`]
}

/** All errors in the published packages below `root`; empty if there are none. */
export async function checkExports(root, consumers) {
  const scratch = mkdtempSync(join(tmpdir(), 'scimkit-exports-'))
  try {
    const tarballs = join(scratch, 'tarballs')
    mkdirSync(tarballs)
    const packages = await packPackages(root, tarballs)
    const usesJest = existsSync(join(consumers, jestConsumer))
    const installing = install(scratch, packages, usesJest)
    const problems = []
    for (const each of packages) {
      const [published, types] = await Promise.all([checkByPublint(each), checkByAttw(each)])
      const contents = checkContents(filesOf(readFileSync(each.file)), each.folder)
      problems.push(...[...contents, ...published, ...types].map((problem) => `${each.name}: ${problem}`))
    }
    const uninstalled = await installing
    if (uninstalled.length > 0) return [...problems, ...uninstalled]
    return [
      ...problems,
      ...(await consume(scratch, packages, consumers)),
      ...(await checkCommands(scratch, packages)),
      ...(usesJest ? await testByJest(scratch, join(consumers, jestConsumer)) : []),
    ]
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = resolve(process.argv[2] ?? home)
  const problems = await checkExports(root, resolve(process.argv[3] ?? join(home, 'tools/consumers')))
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
}
