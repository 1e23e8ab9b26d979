/** Shows that the check fails: each rule is violated once, in a small separate tree. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { checkFloors } from '../check-floors.mjs'

const house = `
## Floors

### \`core\`

| floor | rooms | what |
|---|---|---|
| \`F0\` | \`errors\` \`context\` \`digest.node\` | a |
| \`F2\` | \`filter\` \`resource\` | b |
| \`F4\` | \`operations\` | c |

### \`server\`

| floor | rooms | what |
|---|---|---|
| \`F0\` | \`store\` | a |
| \`F1\` | \`main\` \`log\` | b |

## Who may import whom

| package | may import |
|---|---|
| \`core\` | |
| \`adapter\` | \`@scimkit/core\` \`express\` \`node:*\` |
| \`memory\` | \`@scimkit/core\` |
| \`server\` | \`*\` |
`
const good = {
  'packages/core/package.json': JSON.stringify({ name: '@scimkit/core', exports: { '.': {}, './filter': {} } }),
  'packages/core/src/index.ts': `export { respond } from './operations/respond.js'`,
  'packages/core/src/errors.ts': `import type { Context } from './context.js'`,
  'packages/core/src/context.ts': 'export interface Context {}',
  'packages/core/src/digest.node.ts': `import { createHash } from 'node:crypto'`,
  'packages/core/src/filter/parse.ts': `import { fail } from '../errors.js'\nimport './print.js'\nimport '#digest'`,
  'packages/core/src/filter/print.ts': '',
  'packages/core/src/resource/validate.ts': '',
  'packages/core/src/operations/respond.ts': `import '../resource/validate.js'`,
  'packages/adapter/src/index.ts': `import { a } from '@scimkit/core'\nimport '@scimkit/core/filter'\nimport type { R } from 'express'\nimport 'node:http'`,
  'packages/memory/src/index.ts': `import type { A } from '@scimkit/core'`,
  'packages/server/src/main.ts': `import 'express'\nimport '@scimkit/core'\nimport './store/file/open.js'`,
  'packages/server/src/store/file/open.ts': `import '../url.js'`,
  'packages/server/src/store/memory/open.ts': '',
  'packages/server/src/store/url.ts': '',
  'packages/server/src/log.ts': '',
}

let root
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'floors-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const besides = {
  'folders that import each other': {
    'packages/server/src/store/file/name.ts': '',
    'packages/server/src/store/file/more.ts': `import '../memory/other.js'`,
    'packages/server/src/store/memory/other.ts': '',
  },
}

const check = (changes) => {
  for (const [file, text] of Object.entries({ 'docs/house.md': house, ...good, ...changes })) {
    if (text === undefined) continue
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  return checkFloors(root)
}

test('a tree that follows the rules has no findings', () => {
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
  [
    'through the entry point from inside',
    'packages/core/src/filter/parse.ts',
    `import '../index.js'`,
    'entry point',
    '',
  ],
  [
    'upwards, in another package',
    'packages/server/src/store/url.ts',
    `import '../log.js'`,
    'store is on F0, log on F1',
    'lower floors only',
  ],
  [
    'folders that import each other',
    'packages/server/src/store/memory/open.ts',
    `import '../file/name.js'`,
    'store/file and packages/server/src/store/memory',
    'circular folders',
  ],
  [
    'a room of another package without a floor',
    'packages/server/src/extra.ts',
    '',
    'server/src/extra has no floor',
    '',
  ],
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
  [
    'past an entry point, by path',
    'packages/memory/src/index.ts',
    `import '../../core/src/errors.js'`,
    'entry point',
    '',
  ],
  [
    'past an entry point, by name',
    'packages/memory/src/index.ts',
    `import '@scimkit/core/dist/errors.js'`,
    'may import @scimkit/core',
    '',
  ],
  ['an unlisted npm package', 'packages/adapter/src/index.ts', `import 'koa'`, 'imports koa', 'may import'],
  ['the server', 'packages/adapter/src/index.ts', `import 'scimkit'`, 'no package may import the server', ''],
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
  [
    'a tenant made of any text',
    'packages/core/src/errors.ts',
    `export const tenant = (text) => text as TenantId`,
    'errors.ts:1 makes a TenantId',
    'access/tenant.ts',
  ],
  ['no tables', 'docs/house.md', '# The house', 'no table', ''],
  ['a floor without its room', 'packages/core/src/context.ts', undefined, 'no room `context`', ''],
])('finds: %s', (name, file, text, ...expected) => {
  const problems = check({ ...besides[name], [file]: text })
  expect(problems).toHaveLength(1)
  for (const part of expected) expect(problems[0]).toContain(part)
})
