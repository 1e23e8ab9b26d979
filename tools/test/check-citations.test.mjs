/** Citations without a target, one of each kind, in a small separate tree. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  checkCitations,
  countWithoutRfc,
  partsOf,
  problemsOfCitation,
  problemsOfText,
  readSources,
} from '../check-citations.mjs'
import { root as home } from '../workspace.mjs'

const good = {
  'docs/fine-print.md': '- <a id="fp-v1"></a>**FP-V1** One.\n- <a id="fp-p10"></a>**FP-P10** Two.',
  'docs/identity-providers.md': '| <a id="idp-okta"></a>IDP-OKTA | a |\n| <a id="idp-3"></a>IDP-3 | b |',
  'docs/threats.md':
    '<a id="sec-1"></a>**SEC-1** [`tenant-*`](../packages/testkit/src/wire-contract/access/access.ts) <a id="inc-1"></a>INC-1',
  'docs/authentication.md': '| <a id="auth-8"></a>AUTH-8 |',
  'docs/guarantees.md': '| <a id="rel-2"></a>REL-2 |',
  'SECURITY.md': '| [SEC-1](docs/threats.md#sec-1) |',
  'docs/errata.md': '<a id="erratum-7319"></a>7319',
  'docs/house.md': '# a\n\n## Principles\n\n1. One\n2. Two\n\n## Layout\n\n3. no principle\n',
  'docs/adr/0035-leniency.md': '# 35',
  'tools/citations/rfc-sections.json': '{ "7644": { "title": "P", "sections": "3 3.5 3.5.2 3.12" } }',
  'packages/testkit/src/wire-contract/access/access.ts': '',
  'packages/core/src/a.ts': '// RFC 7644 §3.5.2, §3.12; ADR 35; erratum 7319; FP-V1, IDP-3, REL-2, AUTH-8; principle 2',
}
const cases = [
  { contract: 'wire', id: 'tenant-404', citation: 'RFC 7644 §3.5.2 (a; b), §3.12; ADR 35; FP-V1, FP-P10' },
  { contract: 'traces', id: 'okta-put', citation: 'IDP-3; IDP-OKTA' },
]

let root
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'citations-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const check = (changes = {}, own = cases) => {
  for (const [file, text] of Object.entries({ ...good, ...changes })) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  return checkCitations(root, own)
}

test('citations with a target have no findings', () => {
  expect(check()).toEqual([])
})

describe('a case is found that', () => {
  test.each([
    ['cites nothing', '', '“” is no citation'],
    ['cites a note of its own', 'as usual', '“as usual” is no citation'],
    ['cites an RFC without a section', 'RFC 7644', '“RFC 7644” is no citation'],
    ['cites a section that there is not', 'RFC 7644 §3.5.9', 'RFC 7644 has no §3.5.9'],
    ['cites a second section that there is not', 'RFC 7644 §3.5, §9', 'RFC 7644 has no §9'],
    ['cites an RFC without a list of sections', 'RFC 9999 §1', 'RFC 9999 is not in tools/citations/rfc-sections.json'],
    ['cites an erratum that there is not', 'erratum 1', 'there is no erratum 1'],
    ['cites an ADR that there is not', 'ADR 35, 99', 'there is no ADR 99'],
    ['cites a line that there is not', 'FP-V1, FP-V2', 'there is no FP-V2'],
    ['cites a document that is not here', 'RFC 7644 §3.5; semantics.md, PATCH', '“semantics.md, PATCH” is no citation'],
    ['cites a file', 'provider.ts, Next', '“provider.ts, Next” is no citation'],
  ])('%s', (_title, citation, message) => {
    const found = check({}, [...cases, { contract: 'wire', id: 'one', citation }])
    expect(found).toEqual([expect.stringContaining(`wire case one: ${message}`)])
  })
})

describe('a text is found with', () => {
  test.each([
    ['a document that is not here', '// see idp-quirks, the table', '“idp-quirks” is not in this repository'],
    ['a numbered list that is not here', '// security requirement 8', '“security requirement 8” names a numbered list'],
    ['another one', '// Reliability R2', '“Reliability R2” names a numbered list'],
    ['a path outside', '// ../shared/design', '“../shared” is not in this repository'],
    ['a decision that is no ADR', "describe('tags (decision 3)'", '“decision 3” cite a decision as an ADR'],
    ['a bare row', '// (row 9)', '“row 9” cite a row by its id'],
    ['a section that there is not', '/** @see RFC 7644 §3.5, §7.9 */', 'RFC 7644 has no §7.9'],
    ['an ADR that there is not', '// ADR 35 and 36', 'there is no ADR 36'],
    ['an erratum that there is not', '// errata 7319/7320', 'there is no erratum 7320'],
    ['an unknown line', "test('a (SEC-99)'", 'there is no SEC-99'],
    ['a principle that there is not', '// docs/house.md, principle 3', 'docs/house.md has no principle 3'],
  ])('%s', (_title, text, message) => {
    const found = check({ 'packages/core/test/b.test.ts': `\n${text}` })
    expect(found).toEqual([expect.stringContaining(`packages/core/test/b.test.ts:2 ${message}`)])
  })
})

describe('a document is found with', () => {
  test.each([
    [
      'an id that differs from its anchor',
      'FP-V3',
      '<a id="fp-v2"></a>**FP-V3** x',
      'the anchor fp-v2 is followed by FP-V3',
    ],
    ['an anchor without id', 'fp-v2', '<a id="fp-v2"></a> x', 'the anchor fp-v2 is followed by no id'],
    ['an id twice', 'FP-V1', '<a id="fp-v1"></a>**FP-V1** x', 'FP-V1 is there twice'],
    ['an id of another document', 'REL-9', '<a id="rel-9"></a>**REL-9** x', 'REL-9 does not belong here'],
    ['a line that nothing cites', 'FP-V4', '<a id="fp-v4"></a>**FP-V4** x', 'no case, trace or test cites FP-V4'],
  ])('%s', (_title, _id, line, message) => {
    const found = check({ 'docs/fine-print.md': `${good['docs/fine-print.md']}\n- ${line}` })
    expect(found).toContainEqual(expect.stringContaining(`docs/fine-print.md:3 ${message}`))
  })

  test('a requirement that SECURITY.md lacks', () => {
    expect(check({ 'SECURITY.md': '# Security' })).toEqual(['docs/threats.md:1 SECURITY.md has no link to SEC-1'])
  })

  test('a link to a file that does not exist', () => {
    const found = check({
      'docs/guide/a.md': 'See [b](../b.md#c), [house](../house.md#layout) and [x](https://x.example/y.md).',
    })
    expect(found).toEqual(['docs/guide/a.md:1 the link leads to ../b.md, which does not exist'])
  })

  test('the id of an unknown case', () => {
    const found = check({ 'docs/guide.md': 'a [`tenant-500`](../packages/testkit/src/wire-contract/access/access.ts)' })
    expect(found).toEqual(['docs/guide.md:1 there is no case tenant-500'])
  })
})

test('parts end at semicolons outside of notes', () => {
  expect(partsOf('RFC 1 §2 (a; b); ADR 3')).toEqual(['RFC 1 §2 (a; b)', 'ADR 3'])
})

test('cases without an RFC are counted by contract', () => {
  expect([...countWithoutRfc([...cases, { contract: 'wire', id: 'x', citation: 'ADR 1' }])]).toEqual([
    ['wire', { all: 2, without: 1 }],
    ['traces', { all: 1, without: 1 }],
  ])
})

test('the sources of this repository are read', () => {
  const sources = readSources(home)
  expect(sources.problems).toEqual([])
  expect(
    problemsOfCitation(
      'RFC 7644 §3.5.2.1, §3.12; RFC 9110 §13.1.1; ADR 1; erratum 6893; FP-V1; SEC-26; REL-20',
      sources,
    ),
  ).toEqual([])
  expect(problemsOfText('RFC 7644 §3.99', sources)).toEqual([{ line: 1, what: 'RFC 7644 has no §3.99' }])
})
