import { describe, expect, test } from '@jest/globals'
import { type Interop, interopFrom } from '../../../src/interop.js'
import type { JsonObject, JsonValue } from '../../../src/json/value.js'
import { defaultLimits, type Limits } from '../../../src/limits.js'
import type { PatchOperation } from '../../../src/patch/operation.js'
import { parsePatch } from '../../../src/patch/parse/parse-patch.js'
import { core, enterprise, groupType, refusal, userType } from '../../resource/support/reading.js'
import { message, patchOp } from '../support/patching.js'

const parse = (body: JsonValue, interop: Interop = 'lenient', limits: Limits = defaultLimits) =>
  parsePatch(body, userType, interopFrom(interop), limits)
const one = (operation: JsonValue, interop: Interop = 'lenient') => parse(message(operation), interop)
const ok = 'taken'
const outcome = (run: () => unknown): string | number => {
  try {
    run()
    return ok
  } catch {
    return refusal(run)
  }
}
const add = (path: JsonValue): JsonObject => ({ op: 'add', path, value: 'x' })

describe('the message (RFC 7644 §3.5.2)', () => {
  const operations = [{ op: 'remove', path: 'title' }]
  const draft = 'urn:ietf:params:scim:schemas:core:2.0:PatchOp'
  const syntax = 'invalidSyntax'
  test.each<[string, JsonValue, string, string]>([
    ['as in the RFC', { schemas: [patchOp], Operations: operations }, ok, ok],
    ['names in another case (IDP-2)', { Schemas: [patchOp], operations }, ok, ok],
    ['the URN in another case', { schemas: [patchOp.toLowerCase()], Operations: operations }, ok, ok],
    ['the URN among others', { schemas: ['urn:x', patchOp], Operations: operations }, ok, ok],
    ['schemas as text', { schemas: patchOp, Operations: operations }, ok, 'invalidSyntax'],
    ['no schemas', { Operations: operations }, ok, 'invalidSyntax'],
    ['schemas empty', { schemas: [], Operations: operations }, ok, 'invalidSyntax'],
    ['schemas null', { schemas: null, Operations: operations }, ok, 'invalidSyntax'],
    ['another message', { schemas: ['urn:x'], Operations: operations }, 'invalidSyntax', 'invalidSyntax'],
    ['schemas of numbers', { schemas: [1], Operations: operations }, 'invalidSyntax', 'invalidSyntax'],
    ['unknown names beside', { schemas: [patchOp], Operations: operations, x: 1 }, ok, ok],
    ['the URN of a draft', { schemas: [draft], Operations: operations }, ok, 'invalidSyntax'],
    [
      'of another draft',
      { schemas: ['urn:scim:schemas:core:2.0:PatchOp'], Operations: operations },
      ok,
      'invalidSyntax',
    ],
    [
      'another message’s draft',
      { schemas: [draft.replace('PatchOp', 'User')], Operations: operations },
      syntax,
      syntax,
    ],
    ['no Operations', { schemas: [patchOp] }, ok, 'invalidSyntax'],
    ['no Operations, under a draft’s URN', { schemas: [draft] }, ok, 'invalidSyntax'],
    ['no Operations, and null for another name', { schemas: [patchOp], x: null }, 'invalidSyntax', 'invalidSyntax'],
    ['no Operations, and another name', { schemas: [patchOp], active: false }, 'invalidSyntax', 'invalidSyntax'],
    ['a resource, or part of one', { schemas: [core], active: false }, 'invalidSyntax', 'invalidSyntax'],
    ['a part of a resource without schemas', { active: false }, 'invalidSyntax', 'invalidSyntax'],
    ['an empty object', {}, 'invalidSyntax', 'invalidSyntax'],
    ['no Operations, and schemas empty', { schemas: [] }, 'invalidSyntax', 'invalidSyntax'],
    ['Operations null', { schemas: [patchOp], Operations: null }, ok, 'invalidSyntax'],
    ['Operations as text', { schemas: [patchOp], Operations: '[]' }, 'invalidSyntax', 'invalidSyntax'],
    [
      'Operations an object',
      { schemas: [patchOp], Operations: operations[0] ?? null },
      'invalidSyntax',
      'invalidSyntax',
    ],
    ['Operations empty (IDP-33)', { schemas: [patchOp], Operations: [] }, ok, 'invalidValue'],
    ['Operations empty, without schemas', { Operations: [] }, ok, 'invalidSyntax'],
    ['Operations twice', { schemas: [patchOp], Operations: operations, operations }, 'invalidSyntax', 'invalidSyntax'],
    ['an operation that is text', message('remove'), 'invalidSyntax', 'invalidSyntax'],
    ['an operation that is null', message(null), 'invalidSyntax', 'invalidSyntax'],
    ['an operation in a list', message([{ op: 'remove', path: 'title' }]), 'invalidSyntax', 'invalidSyntax'],
    ['a list', operations, 'invalidSyntax', 'invalidSyntax'],
    ['text', 'x', 'invalidSyntax', 'invalidSyntax'],
    ['null', null, 'invalidSyntax', 'invalidSyntax'],
  ])('%s', (_title, body, lenient, strict) => {
    expect(outcome(() => parse(body))).toBe(lenient)
    expect(outcome(() => parse(body, 'strict'))).toBe(strict)
  })

  test('a foreign message where the switch allows it, but not in place of one without operations', () => {
    expect(outcome(() => parse({ schemas: ['urn:x'], Operations: operations }, 'entra'))).toBe(ok)
    expect(outcome(() => parse({ schemas: [core], active: false }, 'entra'))).toBe('invalidSyntax')
    expect(outcome(() => parse({ schemas: [core] }, 'entra'))).toBe('invalidSyntax')
  })

  test('an empty message has no operations', () => {
    for (const body of [message(), { schemas: [patchOp] }, { schemas: [patchOp], Operations: null }]) {
      expect(parse(body)).toEqual([])
      expect(refusal(() => parse(body, { emptyOperations: false }))).toMatch('invalid')
    }
  })

  test('1,000 operations, 1,001 are 400 invalidValue', () => {
    const many = Array.from({ length: 1_000 }, () => operations[0] as JsonObject)
    expect(parse(message(...many))).toHaveLength(1_000)
    expect(refusal(() => parse(message(...many, add('title'))))).toBe('invalidValue')
  })
})

describe('op (IDP-1)', () => {
  test.each(['add', 'Add', 'ADD', 'aDd'])('%s', (op) => {
    for (const mode of ['lenient', 'entra', 'strict'] as const) {
      expect(one({ op, path: 'title', value: 'x' }, mode)).toMatchObject([{ op: 'add' }])
    }
  })
  test.each(['Replace', 'REMOVE'])('%s', (op) => {
    expect(one({ Op: op, Path: 'title', Value: 'x' })).toMatchObject([{ op: op.toLowerCase() }])
  })
  test.each([undefined, null, '', 'move', 'copy', 'test', ' add', 'add ', 'adding', 1, ['add'], {}, '__proto__'])(
    '%j is 400 invalidSyntax',
    (op) => {
      expect(refusal(() => one({ ...(op !== undefined && { op }), path: 'title', value: 'x' }))).toBe('invalidSyntax')
    },
  )
  test('twice is 400 invalidSyntax', () => {
    expect(refusal(() => one({ op: 'add', Op: 'remove', path: 'title', value: 'x' }))).toBe('invalidSyntax')
  })
})

describe('value', () => {
  test.each<[string, JsonObject, string]>([
    ['add without value', { op: 'add', path: 'title' }, 'invalidValue'],
    ['replace without value', { op: 'replace', path: 'title' }, 'invalidValue'],
    ['add without path, text', { op: 'add', value: 'x' }, 'invalidValue'],
    ['add without path, a list of two', { op: 'add', value: [{ title: 'x' }, { title: 'y' }] }, 'invalidValue'],
    ['add without path, an empty list', { op: 'add', value: [] }, 'invalidValue'],
    ['add without path, a list in a list', { op: 'add', value: [[{ title: 'x' }]] }, 'invalidValue'],
    ['add without path, null', { op: 'add', value: null }, 'invalidValue'],
    ['replace without path and value', { op: 'replace' }, 'invalidValue'],
    ['remove without path (§3.5.2.2)', { op: 'remove' }, 'noTarget'],
    ['remove, path null', { op: 'remove', path: null }, 'noTarget'],
  ])('%s: 400 %s', (_title, operation, scimType) => {
    for (const mode of ['lenient', 'entra', 'strict'] as const) {
      expect(refusal(() => one(operation, mode))).toBe(scimType)
    }
  })
})

describe('path (figure 7: PATH = attrPath / valuePath [subAttr])', () => {
  const target = (operations: readonly PatchOperation[]) => {
    const [operation] = operations
    if (!operation?.path?.known) return operation?.path
    const { path, filter } = operation.path
    return { text: path.text, sub: path.sub?.name, filter: filter?.kind }
  }

  test.each<[string, JsonValue]>([
    ['userName', { text: 'userName' }],
    ['NAME.givenname', { text: 'name.givenName', sub: 'givenName' }],
    [`${core}:Title`, { text: 'title' }],
    [enterprise.toLowerCase(), { text: enterprise }],
    [`${enterprise}:manager.value`, { text: `${enterprise}:manager.value`, sub: 'value' }],
    ['emails[type eq "work"]', { text: 'emails', filter: 'compare' }],
    ['emails[type eq "work"].Value', { text: 'emails.value', sub: 'value', filter: 'compare' }],
    ['Emails[TYPE EQ "work" AND NOT(value pr)]', { text: 'emails', filter: 'and' }],
    ['emails[not (type eq "a]") or display eq "[\\"]"].type', { text: 'emails.type', sub: 'type', filter: 'or' }],
    [`${core}:emails[type eq "work"].value`, { text: 'emails.value', sub: 'value', filter: 'compare' }],
    [`${enterprise}:manager[value eq "m"]`, { text: `${enterprise}:manager`, filter: 'compare' }],
  ])('%s', (path, expected) => {
    expect(target(one(add(path)))).toEqual(expected)
    expect(target(one(add(path), 'strict'))).toEqual(expected)
  })

  test.each([
    '',
    ' ',
    '.',
    'title ',
    ' title',
    'name.',
    '.givenName',
    'name..givenName',
    'name.givenName.x',
    'emails[',
    'emails]',
    'emails[]]',
    'emails[type eq "work"',
    'emails[type eq "work]',
    'emails[type eq "work"]value',
    'emails[type eq "work"].',
    'emails[type eq "work"]..value',
    'emails[type eq "work"].value.x',
    'emails[type eq "work"][value pr]',
    'emails[type eq "work"].value[value pr]',
    'emails[type eq "work"] ',
    `emails[type eq "work"].${core}:value`,
    '[type eq "work"]',
    '.[type eq "work"]',
    'emails.value[type eq "work"]',
    'title[value eq "x"]',
    `${enterprise}[department eq "x"]`,
    'emails[0]extra',
    '/emails/0',
    'emails/0',
    'em ails',
    'é',
    '*',
    '$.emails',
    'urn:',
    `${core}::title`,
  ])('%j is 400', (path) => {
    for (const mode of ['lenient', 'entra', 'strict'] as const) {
      expect(['invalidPath', 'invalidFilter']).toContain(outcome(() => one(add(path), mode)))
    }
  })

  test.each([1, true, {}, ['title']])('%j is not a path', (path) => {
    expect(refusal(() => one(add(path)))).toBe('invalidPath')
  })

  test.each([
    'emails[]',
    'emails[0]',
    'emails[type]',
    'emails[type eq]',
    'emails[type xx "a"]',
    'emails[type eq "a" and]',
  ])('an invalid filter: %s is 400 invalidFilter', (path) => {
    expect(refusal(() => one(add(path)))).toBe('invalidFilter')
  })

  test.each([
    'nothing',
    'name.nothing',
    'nothing.x',
    'emails[type eq "work"].nothing',
    'urn:example:x:y',
    'nothing[a eq "b"]',
  ])('%s, which no schema has: no change in lenient, 400 invalidPath in strict (IDP-23)', (path) => {
    expect(one(add(path))).toMatchObject([{ path: { known: false } }])
    expect(refusal(() => one(add(path), 'strict'))).toBe('invalidPath')
  })

  test('1,024 characters, 1,025 are 400 invalidPath', () => {
    const path = (length: number): string => `emails[type eq "${'x'.repeat(length - 18)}"]`
    expect(path(1_024)).toHaveLength(1_024)
    expect(one(add(path(1_024)))).toHaveLength(1)
    expect(refusal(() => one(add(path(1_025))))).toBe('invalidPath')
  })

  test('depth is counted before recursion', () => {
    const deep = `emails[${'('.repeat(400)}type pr${')'.repeat(400)}]`
    expect(refusal(() => one(add(deep)))).toBe('invalidFilter')
  })
})

describe('consecutive member changes are combined', () => {
  const member = (op: string, ...ids: readonly string[]): JsonObject => ({
    op,
    path: 'members',
    value: ids.map((value) => ({ value })),
  })
  const parsed = (...operations: readonly JsonObject[]) =>
    parsePatch(message(...operations), groupType, interopFrom('lenient'), defaultLimits).map(({ op, value }) => ({
      op,
      ids: Array.isArray(value) ? value.map((element: JsonObject) => element.value) : value,
    }))

  test('consecutive operations of one kind, in their order', () => {
    const byFilter = (id: string): JsonObject => ({ op: 'remove', path: `members[value eq "${id}"]` })
    expect(parsed(member('add', 'a'), member('Add', 'b', 'c'), byFilter('d'), member('remove', 'e'))).toEqual([
      { op: 'add', ids: ['a', 'b', 'c'] },
      { op: 'remove', ids: ['d', 'e'] },
    ])
  })

  test('any other operation between them ends the sequence', () => {
    const name = { op: 'replace', path: 'displayName', value: 'N' }
    expect(parsed(member('add', 'a'), name, member('add', 'b'), member('replace', 'c'), member('add', 'd'))).toEqual([
      { op: 'add', ids: ['a'] },
      { op: 'replace', ids: 'N' },
      { op: 'add', ids: ['b'] },
      { op: 'replace', ids: ['c'] },
      { op: 'add', ids: ['d'] },
    ])
    expect(parsed(member('add', 'a'), { op: 'remove', path: 'members' }, member('add', 'b'))).toHaveLength(3)
  })
})
