/** Shows that the check fails: each rule is violated once, in a small separate core. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { checkBundles } from '../check-bundles.mjs'

const row = (name, rooms) => `| \`${name}\` | for tests | ${rooms.map((room) => `\`${room}\``).join(' ')} |`
const house = (...rows) =>
  `## Entry points\n\n| entry point | for | rooms |\n|---|---|---|\n${rows.join('\n')}\n\n## Next\n`
const rows = [row('@scimkit/core', ['server', 'filter']), row('@scimkit/core/filter', ['filter'])]
const good = {
  'docs/house.md': house(...rows),
  'packages/core/package.json': JSON.stringify({
    exports: {
      '.': { default: './dist/index.js' },
      './filter': { default: './dist/entry-points/filter.js' },
    },
  }),
  'packages/core/dist/index.js': `export { serve } from './server/serve.js'`,
  'packages/core/dist/entry-points/filter.js': `export { parse } from '../filter/parse.js'`,
  'packages/core/dist/server/serve.js': `import { parse } from '../filter/parse.js'\nexport const serve = () => parse('x')`,
  'packages/core/dist/filter/parse.js': 'export const parse = (text) => [text]',
}

let root
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bundles-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const check = (changes) => {
  for (const [file, text] of Object.entries({ ...good, ...changes })) {
    if (text === undefined) continue
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  return checkBundles(root)
}

test('a core that follows the rules has no findings, and a size for each entry point', async () => {
  const { sizes, problems } = await check({})
  expect(problems).toEqual([])
  expect(sizes.map(({ name }) => name)).toEqual(['@scimkit/core', '@scimkit/core/filter'])
  for (const { minified, zipped } of sizes) expect(Math.min(minified, zipped)).toBeGreaterThan(0)
})

test.each([
  [
    'an entry point that pulls in another room',
    {
      'packages/core/dist/filter/parse.js': `import { log } from '../server/log.js'\nexport const parse = (text) => [log(text)]`,
      'packages/core/dist/server/log.js': 'export const log = (text) => { console.log(text) }',
    },
    '@scimkit/core/filter pulls in server',
  ],
  ['an entry point without a row', { 'docs/house.md': house(rows[0]) }, 'has no row'],
  [
    'a room in the table that the bundle does not contain',
    { 'docs/house.md': house(rows[0], row('@scimkit/core/filter', ['filter', 'json'])) },
    'lists json for @scimkit/core/filter',
  ],
  [
    'a row without an entry point',
    { 'docs/house.md': house(...rows, row('@scimkit/core/patch', ['filter'])) },
    '@scimkit/core/patch is not in exports',
  ],
  ['an entry point that is not built', { 'packages/core/dist/index.js': undefined }, 'does not exist: build first'],
])('finds: %s', async (_name, changes, expected) => {
  const { problems } = await check(changes)
  expect(problems.join('\n')).toContain(expected)
})
