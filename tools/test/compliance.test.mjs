/** The compliance check reports errors, and the page contains the rows. */
import { describe, expect, test } from '@jest/globals'
import { count, findings, page, readRows } from '../compliance.mjs'
import { root } from '../workspace.mjs'

const cases = new Map([['create-201', 'packages/testkit/src/wire-contract/writing/creating.ts']])
const row = { section: '3.3', level: 'SHALL', binds: 'provider', quote: 'SHALL be 201', cases: ['create-201'] }
const rowsWith = (...rows) =>
  new Map([
    ['rfc7643', []],
    ['rfc7644', rows],
    ['rfc9865', []],
  ])
const found = (change) => findings(root, rowsWith({ ...row, ...change }), cases)

describe('findings', () => {
  test.each([
    ['a row that is shown', {}],
    ['a statement shown by a test file', { cases: [], tests: ['tools/compliance.mjs'] }],
    ['a SHOULD that has a decision', { level: 'SHOULD', cases: [], adr: 28 }],
    ['a statement that binds only the client', { binds: 'client', cases: undefined }],
  ])('none for %s', (_title, change) => {
    expect(found(change)).toEqual([])
  })

  test.each([
    ['a case that is not there', { cases: ['create-201', 'create-999'] }, /no case "create-999"/],
    ['a case of a client row that is not there', { binds: 'client', cases: ['x'] }, /no case "x"/],
    ['a test file that is not there', { tests: ['tools/nothing.mjs'] }, /file not found: tools\/nothing.mjs/],
    ['a decision that is not there', { adr: 999 }, /no ADR 999/],
    ['a MUST without a case', { cases: [] }, /a SHALL of the provider without a case: “SHALL be 201”/],
    ['a MUST with a decision alone', { cases: [], adr: 28 }, /a SHALL of the provider without a case/],
    ['a SHOULD without a case or decision', { level: 'SHOULD', cases: [] }, /without an ADR/],
    ['an unknown level', { level: 'MAY' }, /no such level: MAY/],
    ['an unknown party', { binds: 'everybody' }, /unknown value of binds: everybody/],
    ['a row without a quote', { quote: '' }, /no quote/],
  ])('one for %s', (_title, change, message) => {
    expect(found(change)).toEqual([expect.stringMatching(message)])
    expect(found(change)[0]).toContain('tools/compliance/rfc7644.json row 1, §3.3')
  })
})

test('counts distinguish shown statements from unmet ones', () => {
  const should = { ...row, level: 'SHOULD' }
  const list = [row, { ...row, cases: [] }, should, { ...should, adr: 28 }, { ...row, binds: 'host' }]
  expect(count(list)).toEqual({ musts: 2, mustsShown: 1, shoulds: 2, shouldsMet: 1, others: 1 })
})

test('the page has each row with its cases as links, and no characters that break a table', () => {
  const text = page(root, rowsWith({ ...row, quote: 'a | b [RFC1] <c>', note: 'Why.' }), cases)
  expect(text).toContain(
    '| §3.3 | SHALL | “a \\| b \\[RFC1\\] &lt;c>” | [`create-201`](../packages/testkit/src/wire-contract/writing/creating.ts). Why. |',
  )
  expect(text).toContain('| all | 1 | 1 | 0 | 0 | 0 |')
})

test('every section of the three documents with a MUST has rows', () => {
  const sections = (name) =>
    new Set(
      readRows(root)
        .get(name)
        .map(({ section }) => section),
    )
  for (const section of ['2.1', '2.3.5', '3', '3.1', '4.1.1', '4.2', '5', '6', '7', '9.2'])
    expect(sections('rfc7643')).toContain(section)
  for (const section of ['2', '3.3', '3.4.2.2', '3.5.2.3', '3.6', '3.7.4', '3.9', '3.12', '3.14', '4', '5', '7.8']) {
    expect(sections('rfc7644')).toContain(section)
  }
  for (const section of ['2', '2.4', '4', '5.2']) expect(sections('rfc9865')).toContain(section)
})
