/** The check is seen to fail: small built packages, each with one thing in it that no edge runtime has. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { checkEdge, checkEdgeEntry } from '../check-edge.mjs'

const tool = fileURLToPath(new URL('../check-edge.mjs', import.meta.url))
const good = {
  'package.json': JSON.stringify({
    name: 'core',
    type: 'module',
    imports: { '#digest': { node: './dist/digest.node.js', default: './dist/digest.web.js' } },
  }),
  'src/index.ts': '',
  'src/part.ts': '',
  'dist/index.js': `export { digest } from '#digest'\nexport * from './part.js'`,
  'dist/part.js': `// a process may require a Buffer\nexport const part = { process: 1, text: 'require(node:fs)' }.process`,
  'dist/part.d.ts': 'export declare const part: { process: number }',
  'dist/digest.node.js': `import { createHash } from 'node:crypto'\nexport const digest = createHash`,
  'dist/digest.web.js': 'export const digest = () => crypto.subtle',
}

let root
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'edge-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const check = (changes) => {
  for (const [file, text] of Object.entries({ ...good, ...changes })) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  return checkEdge(root)
}

test('a pure package passes: comments, texts and members that only look like Node are no findings', async () => {
  expect(await check({})).toEqual([])
})

test.each([
  ['process', { 'dist/part.js': 'export const part = () => process.env.HOME' }, 'part.js:1: names process'],
  ['process, by globalThis', { 'dist/part.js': 'export const part = globalThis.process' }, 'part.js:1: names process'],
  ['process, in short', { 'dist/part.js': 'export const part = { process }' }, 'part.js:1: names process'],
  ['require', { 'dist/part.js': `\nexport const part = require('./digest.web.js')` }, 'part.js:2: names require'],
  ['Buffer', { 'dist/part.js': `export const part = Buffer.from('')` }, 'names Buffer'],
  ['__dirname', { 'dist/part.js': 'export const part = [__dirname]' }, 'names __dirname'],
  ['node:', { 'dist/part.js': `export { readFileSync } from 'node:fs'` }, 'part.js:1: imports node:fs'],
  ['a module of Node without its prefix', { 'dist/part.js': `export const part = () => import('fs')` }, 'imports fs'],
  ['an npm package', { 'dist/part.js': `export * from 'lodash'` }, 'bundle for the edge'],
  ['types of Node', { 'dist/part.d.ts': '/// <reference types="node" />\nexport {}' }, 'needs the types of node'],
  ['a file not reached from the front door', { 'dist/old.js': 'process.exit()' }, 'its source is gone'],
  ['the digest of Node for everybody', { 'dist/index.js': `export * from './digest.node.js'` }, 'bundle for the edge'],
])('finds: %s', async (_name, changes, expected) => {
  expect((await check(changes)).join('\n')).toContain(expected)
})

test('a package that was never built is no pass, and the exit code says so', () => {
  const { status, stderr } = spawnSync(process.execPath, [tool, root], { encoding: 'utf8' })
  expect(stderr).toContain('build first')
  expect(status).toBe(1)
})

describe('an entry point of another package', () => {
  const checkEntry = async (changes) => {
    await check({
      'dist/entry.js': `export { part } from './part.js'\nexport { theirs } from 'theirs'`,
      'node_modules/theirs/package.json': JSON.stringify({ name: 'theirs', type: 'module', exports: './index.js' }),
      'node_modules/theirs/index.js': `export const theirs = typeof Buffer === 'undefined'`,
      'dist/sqlite.js': `export { DatabaseSync } from 'node:sqlite'`,
      ...changes,
    })
    return checkEdgeEntry(join(root, 'dist/entry.js'))
  }

  test('passes if what it leads to is pure, whatever lies beside it; others may ask whether Node is there', async () => {
    expect(await checkEntry({})).toEqual([])
  })

  test.each([
    ['process', { 'dist/part.js': 'export const part = process.env' }, 'part.js:1: names process'],
    ['node:', { 'dist/part.js': `import 'node:fs'\nexport const part = 1` }, 'bundle for the edge'],
    ['node: in a dependency', { 'node_modules/theirs/index.js': `export * from 'node:fs'` }, 'bundle for the edge'],
    [
      'the digest of Node',
      { 'dist/part.js': `import './digest.node.js'\nexport const part = 1` },
      'bundle for the edge',
    ],
  ])('finds: %s', async (_name, changes, expected) => {
    expect((await checkEntry(changes)).join('\n')).toContain(expected)
  })

  test('that was never built is no pass', async () => {
    expect(await checkEdgeEntry(join(root, 'dist/entry.js'))).toEqual([expect.stringContaining('build first')])
  })
})
