/** The patterns of tools/prose/banned.json on their own examples, and the places that are prose and those that are not. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { findingsIn, lowered, problemsOf, readBanned, readFindings } from '../check-prose.mjs'

const banned = readBanned()
const find = (file, text) => findingsIn(file, text, banned).map(({ line, word }) => `${line} ${word}`)

describe('each banned pattern', () => {
  test.each(banned.map((entry) => [entry.pattern, entry]))('%s', (_pattern, { regexp, use, finds, passes }) => {
    expect(use.length).toBeGreaterThan(0)
    expect(finds.length).toBeGreaterThan(0)
    for (const text of finds) expect([text, text.match(regexp)?.length ?? 0]).not.toEqual([text, 0])
    for (const text of passes) expect([text, text.match(regexp)]).toEqual([text, null])
  })
})

describe('prose is', () => {
  test.each([
    ['a comment at the end of a line', 'a.ts', 'x\nfoo() // nobody reads it', ['2 nobody']],
    ['a docstring', 'a.ts', '/**\n * Whoever reads it.\n */', ['2 Whoever']],
    ['a phrase over two lines of a docstring', 'a.ts', '/**\n * The walk goes\n * on.\n */', ['2 goes on']],
    ['a phrase over two comments of one line', 'a.mjs', '// what becomes\n// of it', ['1 becomes of']],
    ['a string with a space', 'a.ts', "throw new Error('Nobody is there.')", ['1 Nobody']],
    ['a template', 'a.ts', `say(\`a\n$\{b} rivals of $\{c} stood here\`)`, ['2 rivals', '2 stood']],
    ['the title of a test', 'a.test.ts', "test('the client is told', () => {})", ['1 told']],
    ['a comment of Python', 'a.py', 'x = 1\n# nobody\n', ['2 nobody']],
    ['a docstring of Python', 'a.py', 'def f():\n  """Tells all of it."""', ['2 Tells']],
    ['a comment of Java', 'A.java', '// keys anew\nint a;', ['1 anew']],
    ['a comment of the script for CI', '.ci/run', 'echo a#b\n# nobody', ['2 nobody']],
    ['text of a document', 'a.md', '# Nobody\n\n- it stands\n  here', ['1 Nobody', '3 stands']],
    ['the text of a link', 'a.md', '[told](a.md)', ['1 told']],
  ])('%s', (_title, file, text, found) => {
    expect(find(file, text)).toEqual(found)
  })
})

describe('no prose is', () => {
  test.each([
    ['a name', 'a.ts', 'const rivals = nobody.told(stands)'],
    ['a string of one word', 'a.ts', "const name = 'nobody'"],
    ['a quotation in a string', 'a.ts', `const filter = 'userName eq "nobody"'`],
    ['a quotation in a comment', 'a.ts', '// “nobody” and `told` and "stands"'],
    ['a regular expression', 'a.ts', 'const a = /it stands here/'],
    ['code after a string with slashes', 'a.ts', "fetch('http://a'); nobody()"],
    ['code between two comments', 'a.ts', '/* goes */ x /* on */'],
    ['a block of code', 'a.md', '```sh\nnobody\n```\n\n    x\n`told`'],
    ['the target of a link', 'a.md', '[a](nobody-told.md#stands)'],
    ['an anchor', 'a.md', '<a id="nobody"></a> a'],
    ['data', 'a.json', '{ "a": "nobody" }'],
    ['the table of the RFCs, which quotes them', 'docs/compliance.md', 'nobody'],
    ['code of Python', 'a.py', "nobody = 'told'"],
  ])('%s', (_title, file, text) => {
    expect(find(file, text)).toEqual([])
  })
})

describe('a tree', () => {
  let root
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'prose-'))
    write('packages/a/src/x.ts', '// nobody, and it stands\n')
    write('packages/a/src/old/y.ts', '// told\n')
    write('docs/z.md', 'Fine.')
    write('node_modules/b/README.md', 'nobody')
  })
  afterEach(() => rmSync(root, { recursive: true }))

  const write = (file, text) => {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  const problems = (pending) => problemsOf(readFindings(root, banned), pending)

  test('every finding outside of the pending folders is a problem, with its replacement', () => {
    expect(problems({ 'packages/a/src/old': 1 })).toEqual([
      expect.stringMatching(/^packages\/a\/src\/x\.ts:1 “nobody” → name the actor/),
      expect.stringMatching(/^packages\/a\/src\/x\.ts:1 “stands” → is, exists/),
    ])
  })

  test('a pending folder with its number of findings has no problem; the longest path counts', () => {
    expect(problems({ 'packages/a/src': 3 })).toEqual([])
    expect(problems({ 'packages/a': 2, 'packages/a/src/old': 1 })).toEqual([])
  })

  test.each([
    ['more findings than its number', { 'packages/a': 2 }, 'packages/a has 3 findings, 2 are allowed'],
    ['fewer findings than its number', { 'packages/a': 4 }, 'packages/a has 3 findings, not 4'],
    ['no finding', { 'packages/a': 3, docs: 0 }, 'docs has 0 findings, not 0'],
    ['a name that another folder begins with', { 'packages/a': 3, pack: 1 }, 'pack has 0 findings, not 1'],
  ])('a pending folder with %s is a problem', (_title, pending, message) => {
    expect(problems(pending)).toEqual([expect.stringContaining(message)])
  })

  test('numbers are lowered and never raised, and entries without findings go', () => {
    expect(lowered(readFindings(root, banned), { 'packages/a/src': 9, 'packages/a/src/old': 0, docs: 5 })).toEqual({
      'packages/a/src': 2,
    })
  })
})
