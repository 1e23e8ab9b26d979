/** Violates each rule once, in a small adapter that is otherwise correct. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { checkAdapters } from '../check-adapters.mjs'

const tool = fileURLToPath(new URL('../check-adapters.mjs', import.meta.url))
const imports = `import { createScim, type ScimOptions } from '@scimkit/core'
import { withMemory } from '@scimkit/memory-provider'
import { answerRequest } from '@scimkit/node-http'
`
const adapter = (rest, framework = 'express') => `${imports}import type { Handler } from '${framework}'\n${rest}`
const door = 'export function scimRouter(options?: Partial<ScimOptions>): Handler {}\n'
const forHandler = (name) => `export function ${name}(handler: HttpHandler): Handler {}\n`
const express = 'packages/express-adapter/src/index.ts'
const koa = 'packages/koa-adapter/src/index.ts'
const koaOptions = (members) => `export interface KoaOptions extends Partial<ScimOptions<Context>> {\n${members}\n}
export function scimMiddleware(options: KoaOptions = {}): Handler {}\n`
const good = { [express]: adapter(door), [koa]: adapter(koaOptions('  readonly basePath?: string'), 'koa') }

let root
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'adapters-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const write = (files) => {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
}
const check = (changes) => {
  write({ ...good, ...changes })
  return checkAdapters(root)
}

test('adapters that follow the rules have no findings', () => {
  expect(check({})).toEqual([])
})

test('an adapter may have one function for handlers of other paths', () => {
  expect(check({ [express]: adapter(door + forHandler('httpRouter')) })).toEqual([])
})

test('comments and blank lines do not count', () => {
  const comments = '\n// why\n/* why,\n   at\n   length */\n/** what\n * @see RFC 7644\n */\n'.repeat(10)
  const code = 'const a = 1 // why\n'.repeat(35)
  expect(check({ [express]: adapter(comments + code + door) })).toEqual([])
  expect(check({ [express]: adapter(`${comments}const b = 2\n${code}${door}`) })).toEqual([
    expect.stringContaining(`${express}: 41 lines of code, 40 at most`),
  ])
})

test('a text over many lines is many lines', () => {
  expect(check({ [express]: adapter(`const page = \`${'\n// not a comment'.repeat(40)}\`\n${door}`) })).toHaveLength(1)
})

test.each([
  ['an npm package', { [express]: adapter(`import 'lodash'\n${door}`) }, ':5 imports lodash'],
  ['a module of Node', { [express]: adapter(`import 'node:http'\n${door}`) }, 'imports node:http'],
  ['another framework, by type', { [express]: adapter(`import type { C } from 'koa'\n${door}`) }, 'imports koa'],
  ['an import later on', { [express]: adapter(`${door}const x = () => import('pino')`) }, ':6 imports pino'],
  ['a second source file', { [express]: adapter(`import './more.js'\n${door}`) }, 'imports ./more.js'],
  ['a second file', { 'packages/express-adapter/src/more.ts': '' }, 'more.ts: an adapter is one file'],
  ['two kinds at once', { [express]: adapter(`import '@scimkit/fetch-http'\n${door}`) }, 'has @scimkit/node-http'],
  ['no entry point', { 'packages/hapi-adapter/README.md': '' }, 'hapi-adapter/src/index.ts is not there'],
  ['options of its own', { [koa]: adapter(koaOptions('  readonly prefix?: string'), 'koa') }, 'the option prefix'],
  ['options by another type', { [express]: adapter(door.replace('Partial<ScimOptions>', 'object')) }, 'one thing'],
  ['a second parameter', { [express]: adapter(door.replace('>)', '>, path = "")')) }, 'scimRouter takes one thing'],
  [
    'options from elsewhere',
    { [koa]: adapter(koaOptions('').replace('Partial<ScimOptions<Context>>', 'More'), 'koa') },
    'extends',
  ],
  [
    'two functions',
    { [express]: adapter(`${door}export function more(options: Partial<ScimOptions>) {}`) },
    'one function',
  ],
  [
    'two functions for handlers of other paths',
    { [express]: adapter(`${door}${forHandler('one')}${forHandler('two')}`) },
    'one more for an HttpHandler',
  ],
  ['no function', { [express]: adapter('') }, 'one function'],
])('finds: %s', (_name, changes, expected) => {
  const problems = check(changes)
  expect(problems).toEqual([expect.stringContaining(expected)])
})

test('a tree without adapters fails with an exit code', () => {
  write({ 'packages/core/src/index.ts': '' })
  const { status, stderr } = spawnSync(process.execPath, [tool, root], { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 1, stderr: 'packages: no adapter at all\n' })
})
