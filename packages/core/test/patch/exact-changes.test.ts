/**
 * Changes that a PATCH must not skip, widen or leave twice: each row was once answered 200 with another result. @see
 * ADR 35
 */
import { describe, expect, test } from '@jest/globals'
import type { InteropPreset } from '../../src/interop.js'
import type { JsonObject, JsonValue } from '../../src/json/value.js'
import { compileResourceType } from '../../src/schema/compile.js'
import { core, enterprise, groupType, groupUrn, userType } from '../resource/support/reading.js'
import { message, outcome } from './support/patching.js'

const work = { value: 'w@x', type: 'work', primary: true }
const home = { value: 'h@x', type: 'home' }
const user: JsonObject = {
  schemas: [core, enterprise],
  id: 'u1',
  userName: 'b',
  active: true,
  name: { givenName: 'Barbara', familyName: 'Jensen' },
  emails: [work, home],
  [enterprise]: { department: 'Tours', manager: { value: 'm1' } },
}
const boxUrn = 'urn:example:Box'
const boxType = compileResourceType({
  name: 'Box',
  endpoint: '/Boxes',
  schema: {
    id: boxUrn,
    name: 'Box',
    attributes: {
      colours: { multiValued: true },
      boxes: { type: 'complex', multiValued: true, subAttributes: { kind: {}, tags: { multiValued: true } } },
      conf: { type: 'complex', subAttributes: { label: {}, flags: { multiValued: true } } },
      boss: { type: 'complex', subAttributes: { value: {}, $ref: { type: 'reference' }, note: {} } },
      refs: {
        type: 'complex',
        multiValued: true,
        subAttributes: { value: { caseExact: true }, $ref: { type: 'reference' }, note: {} },
      },
    },
  },
})
const box: JsonObject = {
  schemas: [boxUrn],
  id: 'b1',
  colours: ['red', 'blue'],
  boxes: [
    { kind: 'k', tags: ['a', 'b'] },
    { kind: 'l', tags: ['a'] },
  ],
  conf: { label: 'L', flags: ['a', 'b'] },
  boss: { value: 'b' },
  refs: [{ value: 'a' }, { value: 'b' }],
}

interface Row {
  readonly before?: JsonObject
  readonly op: JsonObject | readonly JsonObject[]
  /** Attributes that differ, null for a removed one; or the scimType. */
  readonly end: JsonObject | string
  readonly strict?: JsonObject | string
  readonly entra?: JsonObject | string
}

function check(
  type: typeof userType,
  stored: JsonObject,
  { before = {}, op, end, strict = end, entra = end }: Row,
): void {
  const start = withoutNulls({ ...stored, ...before })
  const wanted: Readonly<Record<InteropPreset, JsonObject | string>> = { lenient: end, entra, strict }
  for (const mode of ['lenient', 'entra', 'strict'] as const) {
    const given = wanted[mode]
    const after: JsonValue = typeof given === 'string' ? given : withoutNulls({ ...start, ...given })
    const ops = Array.isArray(op) ? op : [op as JsonObject]
    expect({ mode, after: outcome(type, start, message(...ops), mode) }).toEqual({ mode, after })
  }
}

function withoutNulls(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null))
}

const add = (path: string, value: JsonValue): JsonObject => ({ op: 'add', path, value })
const replace = (path: string, value: JsonValue): JsonObject => ({ op: 'replace', path, value })
const remove = (path: string, value: JsonValue): JsonObject => ({ op: 'remove', path, value })
const replaceAll = (value: JsonObject): JsonObject => ({ op: 'replace', value })
const ext = (attributes: JsonObject): JsonObject => ({ [enterprise]: attributes })
const bad = 'invalidValue'

describe('users', () => {
  test.each<[string, Row]>([
    [
      'a value path as a key inside an extension',
      {
        op: replaceAll(ext({ 'manager[value eq "m1"].value': 'm2' })),
        end: ext({ department: 'Tours', manager: { value: 'm2' } }),
        strict: bad,
      },
    ],
    [
      'the same at the path of the extension',
      {
        op: replace(enterprise, { 'manager[value eq "m1"].value': 'm2', department: 'D' }),
        end: ext({ department: 'D', manager: { value: 'm2' } }),
        strict: bad,
      },
    ],
    [
      'a value path as a key inside the core schema',
      {
        op: replaceAll({ [core]: { 'emails[type eq "home"].value': 'n@x' } }),
        end: { emails: [work, { ...home, value: 'n@x' }] },
        strict: bad,
      },
    ],
    ['a value path as a key of remove', { op: remove(enterprise, { 'manager[value eq "m1"]': null }), end: bad }],
    [
      'a URN with a dot inside an extension',
      {
        op: replaceAll(ext({ [`${enterprise}.department`]: 'D' })),
        end: ext({ department: 'D', manager: { value: 'm1' } }),
        strict: bad,
      },
    ],
    ['a core attribute inside an extension', { op: replaceAll(ext({ [`${core}:title`]: 'T' })), end: bad }],
    [
      'remove of a part given as ""',
      { op: remove(`${enterprise}:manager`, { value: '' }), end: ext({ department: 'Tours' }), strict: bad },
    ],
    [
      'remove of parts given as "" and []',
      {
        op: remove(enterprise, { department: '', manager: [] }),
        end: { [enterprise]: null, schemas: [core] },
        strict: bad,
      },
    ],
    [
      'remove of parts, one misspelled',
      { op: remove('name', { givnName: 'Barbara', familyName: 'Jensen' }), end: bad },
    ],
    [
      'remove from an extension, one misspelled',
      { op: remove(enterprise, { departmnt: 'Tours', manager: { value: 'm1' } }), end: bad },
    ],
    [
      'remove of a manager with parts that describe it',
      { op: remove('manager', { value: 'm1', name: 'M' }), end: ext({ department: 'Tours' }), strict: 'invalidPath' },
    ],
    ['remove of [null]', { op: remove('emails', [null]), end: bad }],
    ['remove of parts of null', { op: remove('emails', [{ type: null }]), end: bad }],
    ['remove at a filter and part, another value', { op: remove('emails[type eq "work"].value', 'other@x'), end: bad }],
    [
      'remove at a filter and part, its value',
      {
        op: remove('emails[type eq "work"].type', 'WORK'),
        end: { emails: [{ value: 'w@x', primary: true }, home] },
        strict: bad,
      },
    ],
    [
      'remove at a filter and a part that is absent',
      { op: remove('emails[type eq "work"].display', 'x'), end: {}, strict: bad },
    ],
    [
      'remove beside a filter, an empty part',
      { op: remove('emails[type eq "home"]', { value: '', type: 'home' }), end: { emails: [work] }, strict: bad },
    ],
    [
      '[null] for a single value',
      {
        op: [replace('name', [null]), replace(`${enterprise}:manager`, [null])],
        end: { name: null, [enterprise]: { department: 'Tours' } },
      },
    ],
    ['null at a value path that matches nothing', { op: add('emails[type eq "fax"].value', null), end: {} }],
    ['null at a value path that matches', { op: replace('emails[type eq "home"]', null), end: { emails: [work] } }],
    [
      'null for a part at a value path',
      {
        before: { emails: [{ ...home, display: 'H' }] },
        op: add('emails[type eq "home"]', { value: 'n@x', display: null }),
        end: { emails: [{ ...home, value: 'n@x' }] },
      },
    ],
    [
      'names in any case where an element is made',
      {
        op: add('emails[type eq "other"]', { Type: 'other', VALUE: 'o@x' }),
        end: { emails: [work, home, { type: 'other', value: 'o@x' }] },
      },
    ],
    [
      'an element that its own filter would not match',
      {
        op: add(`${enterprise}:manager[displayName eq "Bob"].value`, 'u1'),
        before: { [enterprise]: { department: 'Tours' } },
        end: 'noTarget',
      },
    ],
    [
      'elements that differed in primary only',
      {
        before: { emails: [{ value: 'a@x', primary: true }, { value: 'a@x' }] },
        op: add('emails', { value: 'n@x', primary: true }),
        end: {
          emails: [
            { value: 'a@x', primary: false },
            { value: 'n@x', primary: true },
          ],
        },
      },
    ],
    [
      'primary between elements of one value and type',
      {
        before: { emails: [work, { value: 'w@x', type: 'work', display: 'D' }] },
        op: replace('emails[display eq "D"].primary', true),
        end: {
          emails: [
            { ...work, primary: false },
            { value: 'w@x', type: 'work', display: 'D', primary: true },
          ],
        },
      },
    ],
    [
      'an element that becomes equal to the primary one',
      {
        op: replace('emails[type eq "home"]', { value: 'W@x', type: 'Work', primary: true }),
        end: { emails: [{ value: 'W@x', type: 'Work', primary: true }] },
      },
    ],
    [
      'two new elements that differ in display',
      {
        before: { emails: [] },
        op: add('emails', [
          { ...home, display: 'A' },
          { ...home, display: 'B' },
        ]),
        end: {
          emails: [
            { ...home, display: 'A' },
            { ...home, display: 'B' },
          ],
        },
      },
    ],
    [
      'an element with empty parts is not another one',
      {
        before: { emails: [{ value: 'a' }, { primary: false }] },
        op: { op: 'remove', path: 'emails[value eq "a"].value' },
        end: { emails: [{ primary: false }] },
      },
    ],
    [
      'an unregistered URN that begins like a registered one',
      {
        op: [{ op: 'remove', path: `${enterprise}Profile:x` }, replace('active', false)],
        end: { active: false },
        strict: 'invalidPath',
      },
    ],
    [
      'a misspelled core URN',
      { op: { op: 'remove', path: 'urn:ietf:params:scim:schemas:core:2.0:Users:emails' }, end: 'invalidPath' },
    ],
    ['the URN of another type', { op: { op: 'remove', path: `${groupUrn}:members` }, end: 'invalidPath' }],
    [
      'a readOnly part beside another attribute',
      {
        op: replaceAll(ext({ manager: { displayName: 'X' }, department: 'E' })),
        end: ext({ department: 'E', manager: { value: 'm1' } }),
      },
    ],
  ])('%s', (_title, row) => {
    check(userType, user, row)
  })
})

test('members under their own name beside a filter', () => {
  const group = { schemas: [groupUrn], id: 'g', displayName: 'G', members: [{ value: 'a' }, { value: 'b' }] }
  const op = remove('members[value eq "a"]', { members: [{ value: 'a' }] })
  check(groupType, group, { op, end: { members: [{ value: 'b' }] }, strict: bad })
})

describe('lists inside of elements, references with more parts', () => {
  test.each<[string, Row]>([
    [
      'remove of named values from lists in elements',
      { op: remove('boxes.tags', ['a']), end: { boxes: [{ kind: 'k', tags: ['b'] }, { kind: 'l' }] }, strict: bad },
    ],
    [
      'the same at a filter',
      {
        op: remove('boxes[kind eq "k"].tags', 'a'),
        end: {
          boxes: [
            { kind: 'k', tags: ['b'] },
            { kind: 'l', tags: ['a'] },
          ],
        },
        strict: bad,
      },
    ],
    ['"" for a list in elements', { op: replace('boxes.tags', ''), end: bad }],
    ['"" for a list at a filter', { op: replace('boxes[kind eq "k"].tags', ''), end: bad }],
    ['"" for a list in an object', { op: replace('conf', { flags: '' }), end: bad }],
    ['[] for a list in an object', { op: replace('conf', { flags: [] }), end: { conf: { label: 'L' } } }],
    [
      'add to a list in an object',
      { op: add('conf', { flags: ['c'] }), end: { conf: { label: 'L', flags: ['a', 'b', 'c'] } } },
    ],
    [
      'replace of a list in an object',
      { op: replace('conf', { flags: ['c'] }), end: { conf: { label: 'L', flags: ['c'] } } },
    ],
    ['another part of a reference', { op: replace('boss', { note: 'N' }), end: { boss: { value: 'b', note: 'N' } } }],
    [
      'another part of a reference that is not there',
      { op: replace('boss', { note: 'N' }), before: { boss: null }, end: bad },
    ],
    [
      'another part of a reference in a list',
      { op: add('refs', [{ value: 'a', note: 'N' }]), end: { refs: [{ value: 'a', note: 'N' }, { value: 'b' }] } },
    ],
    ['a reference that loses its id', { op: replace('refs[value eq "a"].value', ''), end: { refs: [{ value: 'b' }] } }],
    ['references that become equal', { op: replace('refs.value', 'c'), end: { refs: [{ value: 'c' }] } }],
  ])('%s', (_title, row) => {
    check(boxType, box, row)
  })
})
