/** Documentation that is wrong in one place each, in a small tree of its own. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { checkCommand, commandsIn, flagsOf, readMarkdown } from '../check-docs-examples.mjs'

const tool = fileURLToPath(new URL('../check-docs-examples.mjs', import.meta.url))

let root
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'docs-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const check = (files) => {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  const { status, stderr } = spawnSync(process.execPath, [tool, root], { encoding: 'utf8' })
  return { status, problems: stderr.split(/\n(?! )/).slice(0, -1) }
}

const block = (info, ...lines) => [`\`\`\`${info}`, ...lines, '```', ''].join('\n')

test('documentation that is right has no findings, whatever form it takes', () => {
  const readme = [
    '# One `two` [three](docs/guide.md), four',
    'See [above](#one-two-three-four), [the guide](docs/guide.md#again-1 "a title"), [us](https://x.example), [ref].',
    '- <a id="one"></a>**ONE** [a rule](#one)',
    '`npm start -- --port 4000 --interop entra`, `npx scimkit serve --adapter express|koa|hono`, `[no](link.md)`',
    '',
    '[ref]: docs/guide.md',
    block('ts', `import { bearerToken } from '@scimkit/core'`, 'declare const token: string', 'bearerToken(token)'),
    block('ts run', `import type { Scim } from '@scimkit/core'`, 'const one: number = 1', 'if (one !== 1) throw one'),
    block('ts no-check because it is cut short', 'const a: = …'),
    block('js run', 'const add = (a, b) => a + b', 'console.log(add(1, 2))'),
    block('cjs', `const { memoryProvider } = require('@scimkit/memory-provider')`, 'memoryProvider()'),
    block('json', '{ "a": 1 }'),
    block('text', 'any thing'),
    block('sh', 'npm test -- --only jest,types   # twice', 'npx pnpm@12.18.0 prove', 'U=1 npm start -- --no-auth'),
    block('sh', `id=$(curl -s "$U" -d '{`, `  "a": "(" }' |`, '  tr -d x)', 'node server.mjs && node tools/test.mjs'),
    `1. in a list\n\n   ${block('ts', 'export const a = 1').replaceAll('\n', '\n   ')}`,
  ].join('\n')
  expect(check({ 'README.md': readme, 'docs/guide.md': '# Again\n# Again' })).toEqual({ status: 0, problems: [] })
})

test('each finding has its file and line', () => {
  const wrong = {
    'ts.md': `# a\n${block('ts', '', 'const a: number = "1"')}`,
    'twice.md': block('ts', 'const a = 1') + block('ts', 'a'),
    'missing.md': block('ts', `import { missing } from '@scimkit/core'`),
    'implicit.md': block('ts', 'export const f = (a) => a'),
    'js.md': block('js', `import { missing } from '@scimkit/core'`),
    'throws.md': block('js run', `throw new Error('as it happens')`),
    'no-reason.md': block('ts no-check', 'const a: ='),
    'flag.md': block('ts rum', 'export {}'),
    'open.md': '```ts\nexport {}',
    'bare.md': block('', 'npm start'),
    'tcl.md': block('tcl', 'puts a'),
    'json.md': block('json', '{ a: 1 }'),
    'script.md': block('sh', '# first', 'npm run deploy'),
    'span.md': 'a\nb `npm start -- --prot 1` c',
    'quote.md': block('sh', `echo 'a`),
    'docs/link.md': 'a\n[b](c.md)\n[d](../README.md)\n[e](../../etc)\n[f](#none)',
    'docs/anchor.md': '[a](link.md#nowhere)',
    'packages/kit/src/shown.ts': `/** One line. */\n/**\n * Adds.\n * @example\n * ${block('ts', 'const sum: string = 1').trim().replaceAll('\n', '\n * ')}\n */\nexport const add = 1\n`,
    'node_modules/a.md': '[a](b.md)',
  }
  const { status, problems } = check(wrong)
  expect(problems.map((problem) => problem.slice(0, 100))).toEqual(
    [
      'bare.md:1 a code block without language',
      'docs/anchor.md:1 link.md#nowhere: link.md has no such heading',
      'docs/link.md:2 c.md is not there',
      'docs/link.md:3 ../README.md is not there',
      'docs/link.md:4 ../../etc leads out of the repository',
      'docs/link.md:5 #none: link.md has no such heading',
      'flag.md:1 ts rum: run, no-check or nothing',
      `implicit.md:2 TS7006: Parameter 'a' implicitly`,
      'js.md:2 TS2305: Module',
      'json.md:1 this is not JSON',
      'missing.md:2 TS2305: Module',
      'no-reason.md:1 ts no-check wants its reason',
      'open.md:1 this code block has no end',
      `packages/kit/src/shown.ts:6 TS2322: Type 'number'`,
      'quote.md:1 bash cannot read this',
      'script.md:3 npm deploy: no such script',
      'span.md:2 scimkit serve has no --prot',
      'tcl.md:1 tcl: this language is not checked',
      expect.stringMatching(/^throws\.md:1 does not run to its end/),
      `ts.md:4 TS2322: Type 'string'`,
      `twice.md:5 TS2304: Cannot find name 'a'`,
    ].map((text) => (typeof text === 'string' ? expect.stringContaining(text) : text)),
  )
  expect(status).toBe(1)
})

test('no documentation is no pass', () => {
  expect(check({})).toEqual({ status: 1, problems: [expect.stringContaining('no markdown at all')] })
})

describe('commands', () => {
  const help = `Usage: scimkit serve [options]

Options:
  --adapter <name>    web framework (choices: "express", "koa",
                      "hono", default: "hono")
  --log <format>      on stderr (choices: "json")
  --no-auth           accept every client
  -h, --help          display help`
  const book = {
    pnpm: 'pnpm@12.18.0',
    scripts: ['start', 'test', 'prove'],
    flags: new Map([
      ['', flagsOf('\n  -V, --version  output the version')],
      ['serve', flagsOf(help)],
      ['token', flagsOf('\n  -h, --help  display help')],
      ['token rotate', flagsOf('\n  --grace <duration>  how long')],
    ]),
    steps: ['jest', 'types'],
  }
  const problemsOf = (text) => commandsIn(text).flatMap(({ words }) => checkCommand(words, book, root))

  test.each([
    'npm start',
    'npm start -- --adapter koa --log=json',
    'npm start -- --adapter "$NAME"',
    'npm run prove; npm install x',
    'TOKEN=a npx pnpm@12.18.0 prove races',
    'npx -y pnpm@12.18.0 install --frozen-lockfile',
    'npx --yes scimkit@latest serve --no-auth -h',
    'exec scimkit --version',
    'scimkit token rotate ID --grace 24h',
    'scimkit token --help',
    'scimkit token …',
    '$ scimkit <command>',
    'if curl x; then echo a; fi',
    '"$(npm bin)"/x',
    'node server.mjs --anything',
  ])('are let through: %s', (text) => {
    expect(problemsOf(text)).toEqual([])
  })

  test.each([
    ['npm start --adapter koa', 'flags reach the script only after --'],
    ['npm start -- --adapter fastify', '--adapter cannot be fastify: it is express, koa, hono'],
    ['npm start -- --adapter', '--adapter wants a value'],
    ['npx pnpm@11.0.0 prove', 'the workspace is pinned to pnpm@12.18.0'],
    ['npx pnpm@12.18.0 improve', 'pnpm improve: no such script; there are start, test, prove'],
    ['echo a | npm run x', 'npm x: no such script'],
    ['a=$(scimkit audit)', 'scimkit audit: no such command; there are serve'],
    ['scimkit token rotat ID', 'scimkit token rotat: no such command; there are serve, token, token rotate'],
    ['scimkit token rotate ID --gracious', 'scimkit token rotate has no --gracious'],
    ['npx scimkit serve --token-file x', 'scimkit serve has no --token-file'],
    ['npm test -- --only jests', 'test has no step jests'],
    ['node tools/absent.mjs', 'tools/absent.mjs is not there'],
    ['./bin/absent', './bin/absent is not there'],
    ['frobnicate', 'frobnicate: is that a command that readers have?'],
  ])('are found: %s', (text, expected) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(expected)])
  })

  test('are split as by a shell', () => {
    const words = commandsIn(`a "b # c" 'd\ne' \\\n f # g\nh`)
    expect(words).toEqual([
      { line: 1, words: ['a', 'b # c', 'd\ne', 'f'] },
      { line: 4, words: ['h'] },
    ])
  })
})

test('a fence inside a longer fence is text', () => {
  const { blocks } = readMarkdown('````text\n```ts\n```\n````\nafter')
  expect(blocks).toEqual([expect.objectContaining({ language: 'text', text: '```ts\n```\n', closed: true })])
})
