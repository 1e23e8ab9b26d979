/** Packages with one error each: some as a list of files, some packed and installed. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { checkContents, filesOf } from '../check-exports.mjs'

const tool = fileURLToPath(new URL('../check-exports.mjs', import.meta.url))

let root
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'exports-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const write = (files) => {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), typeof text === 'string' ? text : JSON.stringify(text))
  }
}

describe('the packed files', () => {
  const core = {
    name: '@scimkit/core',
    imports: { '#digest': { node: './dist/part.js', default: './dist/part.js' } },
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
  }
  const map = (fields) => JSON.stringify({ sources: ['../src/part.ts'], ...fields })
  const good = {
    'package.json': JSON.stringify(core),
    'README.md': '',
    LICENSE: '',
    'dist/index.js': '',
    'dist/index.d.ts': '',
    'dist/part.js': '',
    'dist/part.js.map': map({}),
    'src/index.ts': '',
    'src/part.ts': '',
  }
  const check = (changes, manifest = {}) => {
    write({ 'src/index.ts': '', 'src/part.ts': '' })
    const files = Object.entries({ ...good, 'package.json': JSON.stringify({ ...core, ...manifest }), ...changes })
    const packed = files.filter(([, text]) => text !== undefined)
    return checkContents(new Map(packed.map(([name, text]) => [name, Buffer.from(text)])), root)
  }

  test('has no findings for a correct package, also with sources inside the source maps', () => {
    expect(check({})).toEqual([])
    expect(check({ 'src/part.ts': undefined, 'dist/part.js.map': map({ sourcesContent: [''] }) })).toEqual([])
  })

  test.each([
    ['no README', { 'README.md': undefined }, {}, 'README.md is not packed'],
    ['a range of the workspace', {}, { name: 'x', dependencies: { y: 'workspace:^' } }, 'y is workspace:^: not on npm'],
    ['a dependency of the core', {}, { peerDependencies: { y: '^1' } }, 'the core depends on nothing'],
    [
      'the source condition',
      {},
      { imports: { '#digest': { '@scimkit/source': './src/part.ts', default: './dist/part.js' } } },
      'imports has @scimkit/source',
    ],
    ['an entry point without a file', { 'dist/index.d.ts': undefined }, {}, './dist/index.d.ts is not packed'],
    ['a command that is not there', {}, { bin: { x: './bin/x.mjs' } }, './bin/x.mjs is not packed'],
    ['notes of the compiler', { 'dist/.tsbuildinfo': '' }, {}, 'dist/.tsbuildinfo is packed'],
    ['an import that is not declared', { 'dist/part.js': `import '@x/y/z'` }, {}, 'dist/part.js imports @x/y, which'],
    ['tests', { 'test/a.test.ts': '' }, {}, 'test/a.test.ts is packed'],
    ['a map to nothing', { 'src/part.ts': undefined }, {}, 'dist/part.js.map leads to ../src/part.ts'],
    ['a file without a source', { 'dist/old.d.ts': '' }, {}, 'dist/old.d.ts is packed, and its source is gone'],
  ])('finds: %s', (_name, changes, manifest, expected) => {
    expect(check(changes, manifest)).toEqual([expect.stringContaining(expected)])
  })

  test('tarballs of npm are read, with long paths too', () => {
    const long = `dist/${'a-folder-of-some-length/'.repeat(8)}file.js`
    write({ 'package.json': { name: 'x', version: '1.0.0' }, [long]: 'long', 'dist/empty.js': '' })
    const packed = spawnSync('npm', ['pack', '--ignore-scripts'], { cwd: root, encoding: 'utf8' })
    expect(packed.status).toBe(0)
    const files = filesOf(readFileSync(join(root, 'x-1.0.0.tgz')))
    expect([...files.keys()].sort()).toEqual([long, 'dist/empty.js', 'package.json'])
    expect(files.get(long).toString()).toBe('long')
  })
})

test('unusable packages are found by packing, installing, compiling and running them', () => {
  const manifest = (name, more = {}) => ({
    name,
    version: '1.0.0',
    type: 'module',
    license: 'Apache-2.0',
    exports: { '.': { types: './index.d.ts', default: './index.js' } },
    ...more,
  })
  const parts = { 'README.md': '', LICENSE: '', 'index.d.ts': 'export declare const one: number', 'index.js': '' }
  const packages = {
    good: { 'package.json': manifest('good'), 'index.js': 'export const one = 1' },
    awaits: { 'package.json': manifest('awaits'), 'index.js': 'await 1\nexport const one = 1' },
    untyped: { 'package.json': manifest('untyped'), 'index.d.ts': 'export declare const one: Missing' },
    common: {
      'package.json': manifest('common', { bin: { command: './bin.mjs' } }),
      'index.js': 'exports.one = 1',
      'bin.mjs': '#!/usr/bin/env node\n',
    },
    untried: { 'package.json': manifest('untried') },
    secret: { 'package.json': manifest('secret', { private: true }) },
  }
  write({ 'package.json': { private: true }, 'pnpm-workspace.yaml': { packages: ['packages/*'], pmOnFail: 'ignore' } })
  for (const [name, files] of Object.entries(packages)) {
    for (const [file, text] of Object.entries({ ...parts, ...files })) write({ [`packages/${name}/${file}`]: text })
    const consumer = `import { one } from '${name}'\nexport const run = async (): Promise<number> => one\n`
    if (name !== 'untried') write({ [`consumers/${name}.ts`]: consumer })
  }

  // Not in memory, where `npm test` has its temporary files: pnpm would fill another store there.
  const env = { ...process.env, TMPDIR: undefined }
  const { status, stderr } = spawnSync(process.execPath, [tool, root, join(root, 'consumers')], {
    encoding: 'utf8',
    env,
  })
  expect(stderr).not.toContain('good: ')
  expect(stderr).not.toContain('secret')
  expect(stderr).toMatch(/^awaits: by require\(\): .*ERR_REQUIRE_ASYNC_MODULE/ms)
  expect(stderr).toMatch(/untyped.*TS2304: Cannot find name 'Missing'/)
  expect(stderr).toMatch(/^common: publint: .* CJS/m)
  expect(stderr).toMatch(/^common: “command --version” says “”, expected 1\.0\.0/m)
  expect(stderr).toMatch(/^untried: no consumers\/untried\.ts/m)
  expect(status).toBe(1)
})
