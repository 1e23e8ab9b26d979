/** A check that has never failed proves nothing: each rule is broken here once, in a small tree of its own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { checkFloors } from '../check-floors.mjs'

const house = `
## Floors

| floor | rooms | what |
|---|---|---|
| \`F0\` | \`errors\` \`context\` \`digest.node\` | a |
| \`F2\` | \`filter\` \`resource\` | b |
| \`F4\` | \`operations\` | c |

## Who may import whom

| package | may import |
|---|---|
| \`core\` | |
| \`adapter\` | \`@scimkit/core\` \`express\` \`node:*\` |
| \`memory\` | \`@scimkit/core\` |
| \`server\` | \`*\` |
`
const good = {
  'packages/core/src/index.ts': `export { respond } from './operations/respond.js'`,
  'packages/core/src/errors.ts': `import type { Context } from './context.js'`,
  'packages/core/src/context.ts': 'export interface Context {}',
  'packages/core/src/digest.node.ts': `import { createHash } from 'node:crypto'`,
  'packages/core/src/filter/parse.ts': `import { fail } from '../errors.js'\nimport './print.js'\nimport '#digest'`,
  'packages/core/src/filter/print.ts': '',
  'packages/core/src/resource/validate.ts': '',
  'packages/core/src/operations/respond.ts': `import '../resource/validate.js'`,
  'packages/adapter/src/index.ts': `import { a } from '@scimkit/core'\nimport type { R } from 'express'\nimport 'node:http'`,
  'packages/memory/src/index.ts': `import type { A } from '@scimkit/core'`,
  'packages/server/src/main.ts': `import 'express'\nimport '@scimkit/core'`,
}

let root
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'floors-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const check = (changes) => {
  for (const [file, text] of Object.entries({ 'docs/house.md': house, ...good, ...changes })) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  return checkFloors(root)
}

test('a tree that keeps the rules has no findings', () => {
  expect(check({})).toEqual([])
})

test.each([
  [
    'upwards',
    'packages/core/src/filter/print.ts',
    `\n\nimport { x } from '../operations/respond.js'`,
    'print.ts:3',
    'lower floors only',
  ],
  [
    'upwards, by type only',
    'packages/core/src/errors.ts',
    `import type { X } from './filter/print.js'`,
    'filter on F2',
    'lower floors only',
  ],
  [
    'sideways',
    'packages/core/src/resource/validate.ts',
    `export * from '../filter/print.js'`,
    'resource is on F2',
    'own floor',
  ],
  ['through the front door from inside', 'packages/core/src/filter/parse.ts', `import '../index.js'`, 'front door', ''],
  ['a room without a floor', 'packages/core/src/extra/thing.ts', '', 'packages/core/src/extra has no floor', ''],
  ['npm in the core', 'packages/core/src/errors.ts', `import 'lodash'`, 'imports lodash', 'every JavaScript runtime'],
  [
    'node: in the core',
    'packages/core/src/errors.ts',
    `const fs = await import('node:fs')`,
    'imports node:fs',
    'every JavaScript runtime',
  ],
  ['node:crypto in another file of the core', 'packages/core/src/errors.ts', `import 'node:crypto'`, 'node:crypto', ''],
  ['past a front door, by path', 'packages/memory/src/index.ts', `import '../../core/src/errors.js'`, 'front door', ''],
  [
    'past a front door, by name',
    'packages/memory/src/index.ts',
    `import '@scimkit/core/dist/errors.js'`,
    'may import @scimkit/core',
    '',
  ],
  ['an unlisted npm package', 'packages/adapter/src/index.ts', `import 'koa'`, 'imports koa', 'may import'],
  ['the server', 'packages/adapter/src/index.ts', `import 'scimkit'`, 'nobody imports the server', ''],
  ['a package without a row', 'packages/novel/src/index.ts', '', 'packages/novel: no row', ''],
  [
    'a cycle',
    'packages/core/src/filter/print.ts',
    `import './parse.js'`,
    'a cycle',
    'parse.ts → packages/core/src/filter/print.ts →',
  ],
  [
    'a cycle on the ground',
    'packages/core/src/context.ts',
    `import type { E } from './errors.js'`,
    'a cycle',
    'errors.ts',
  ],
  ['no tables', 'docs/house.md', '# The house', 'no table', ''],
])('finds: %s', (_name, file, text, ...expected) => {
  const problems = check({ [file]: text })
  expect(problems).toHaveLength(1)
  for (const part of expected) expect(problems[0]).toContain(part)
})
