/** The operations that diff finds, case by case. */
import { describe, expect, test } from '@jest/globals'
import { type DiffOperation, diff } from '../../src/entry-points/merge.js'
import type { JsonObject, JsonValue } from '../../src/index.js'
import { message, patchWith } from '../patch/support/patching.js'
import { core, enterprise, groupType, groupUrn, userType } from '../resource/support/reading.js'
import { deviceType, deviceUrn } from './support/documents.js'

const work = { value: 'ada@work.example', type: 'work', primary: true }
const home = { value: 'ada@home.example', type: 'home' }
const ada: JsonObject = {
  schemas: [core, enterprise],
  id: '42',
  userName: 'ada@example.com',
  title: 'Analyst',
  name: { givenName: 'Ada', familyName: 'Byron' },
  emails: [work, home],
  [enterprise]: { department: 'Engines', manager: { value: '7', displayName: 'Charles' } },
}

function operations(next: JsonObject, base: JsonObject = ada): readonly DiffOperation[] {
  return diff(base, { ...base, ...next })
}

describe('attributes', () => {
  test('one operation each: add where there was no value, replace, remove', () => {
    expect(operations({ title: 'Countess', nickName: 'Ada', active: false, name: null })).toEqual([
      { op: 'replace', path: 'title', value: 'Countess' },
      { op: 'remove', path: 'name' },
      { op: 'add', path: 'nickName', value: 'Ada' },
      { op: 'add', path: 'active', value: false },
    ])
  })

  test('of a complex value only the parts that changed', () => {
    expect(operations({ name: { givenName: 'Augusta', middleName: 'Ada', familyName: 'Byron' } })).toEqual([
      { op: 'replace', path: 'name.givenName', value: 'Augusta' },
      { op: 'add', path: 'name.middleName', value: 'Ada' },
    ])
    expect(operations({ name: { givenName: 'Ada' } })).toEqual([{ op: 'remove', path: 'name.familyName' }])
    expect(operations({ name: { givenName: 'Ada' } }, { ...ada, name: null })).toEqual([
      { op: 'add', path: 'name', value: { givenName: 'Ada' } },
    ])
  })

  test('of an extension by URN; a manager as an object, without what the server looks up', () => {
    expect(
      operations({ [enterprise]: { division: 'Looms', manager: { value: '8', displayName: 'Charles' } } }),
    ).toEqual([
      { op: 'remove', path: `${enterprise}:department` },
      { op: 'replace', path: `${enterprise}:manager`, value: { value: '8' } },
      { op: 'add', path: `${enterprise}:division`, value: 'Looms' },
    ])
    expect(operations({ [enterprise]: { department: 'Engines', manager: { value: '' } } })).toEqual([
      { op: 'remove', path: `${enterprise}:manager` },
    ])
  })

  test('nothing for equal values, and nothing that only the server sets', () => {
    const same = {
      TITLE: 'Analyst',
      title: null,
      emails: [home, { primary: true, type: 'work', value: 'ada@work.example' }, null],
      photos: [],
      id: 'other',
      meta: { version: 'W/"2"' },
      groups: [{ value: 'g' }],
    }
    expect(operations(same)).toEqual([])
  })

  test('a new spelling is a change', () => {
    expect(operations({ title: 'ANALYST' })).toEqual([{ op: 'replace', path: 'title', value: 'ANALYST' }])
  })

  test('an unknown attribute is replaced as a whole', () => {
    expect(operations({ 'urn:example:x': { shoe: [1, 2] }, hat: { size: 1 } })).toEqual([
      { op: 'add', path: 'urn:example:x:shoe', value: [1, 2] },
      { op: 'add', path: 'hat', value: { size: 1 } },
    ])
  })
})

describe('lists', () => {
  const phone = (type: string, value: string): JsonObject => ({ type, value })

  test('a removed element, an added one, a changed part', () => {
    expect(operations({ emails: [work] })).toEqual([{ op: 'remove', path: 'emails[value eq "ada@home.example"]' }])
    expect(operations({ emails: [work, home, { value: 'x@y' }] })).toEqual([
      { op: 'add', path: 'emails', value: [{ value: 'x@y' }] },
    ])
    expect(operations({ emails: [work, { ...home, display: 'Ockham' }] })).toEqual([
      { op: 'add', path: 'emails[value eq "ada@home.example"].display', value: 'Ockham' },
    ])
  })

  test('a new value under the same type, a new type for the same value', () => {
    expect(operations({ emails: [{ ...work, value: 'new@work.example' }, home] })).toEqual([
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'new@work.example' },
    ])
    expect(operations({ emails: [work, { ...home, type: 'other' }] })).toEqual([
      { op: 'replace', path: 'emails[value eq "ada@home.example"].type', value: 'other' },
    ])
  })

  test('a new primary element unsets the old one: a single operation (RFC 7644 §3.5.2)', () => {
    expect(
      operations({
        emails: [
          { ...work, primary: false },
          { ...home, primary: true },
        ],
      }),
    ).toEqual([{ op: 'add', path: 'emails[value eq "ada@home.example"].primary', value: true }])
    expect(operations({ emails: [{ ...work, primary: false }, home] })).toEqual([
      { op: 'replace', path: 'emails[value eq "ada@work.example"].primary', value: false },
    ])
  })

  test('a list that is emptied is one remove, a new list is one replace', () => {
    expect(operations({ emails: [] })).toEqual([{ op: 'remove', path: 'emails' }])
    expect(operations({ emails: [{ value: 'x@y' }] })).toEqual([
      { op: 'replace', path: 'emails', value: [{ value: 'x@y' }] },
    ])
  })

  test('one value under two types is distinguished by both, and removed by one filter', () => {
    const phones = [phone('work', '1'), phone('mobile', '1'), phone('fax', '2')]
    const base = { ...ada, phoneNumbers: phones }
    expect(operations({ phoneNumbers: phones.slice(1) }, base)).toEqual([
      { op: 'remove', path: 'phoneNumbers[type eq "work"]' },
    ])
    expect(operations({ phoneNumbers: phones.slice(2) }, base)).toEqual([
      { op: 'remove', path: 'phoneNumbers[value eq "1"]' },
    ])
  })

  test('as few filters as possible, and none that only repeats others', () => {
    const kept = { value: 'k', type: 'x', display: 'k'.repeat(300) }
    const roles = (...pairs: readonly string[]): JsonObject => ({
      roles: [...pairs.map((pair) => ({ value: pair.slice(0, 1), type: pair.slice(1) })), kept],
    })
    expect(operations(roles(), { ...ada, ...roles('aw', 'bw') })).toEqual([
      { op: 'remove', path: 'roles[type eq "w"]' },
    ])
    expect(operations(roles(), { ...ada, ...roles('aw', 'ah', 'bw', 'ch') })).toEqual([
      { op: 'remove', path: 'roles[type eq "w"]' },
      { op: 'remove', path: 'roles[type eq "h"]' },
    ])
  })

  test('a list whose elements no filter distinguishes is replaced as a whole, and so is one where that is shorter', () => {
    const addresses = [
      { type: 'work', locality: 'London' },
      { type: 'work', locality: 'Bath' },
    ]
    const next = [
      { type: 'work', locality: 'London' },
      { type: 'work', locality: 'Paris' },
    ]
    expect(operations({ addresses: next }, { ...ada, addresses })).toEqual([
      { op: 'replace', path: 'addresses', value: next },
    ])
    const roles = ['a', 'b', 'c', 'd', 'e'].map((value) => ({ value }))
    expect(operations({ roles: [{ value: 'e' }] }, { ...ada, roles })).toEqual([
      { op: 'replace', path: 'roles', value: [{ value: 'e' }] },
    ])
  })

  test('a value too long for a path is never in one', () => {
    const certificate = 'A'.repeat(2_000)
    const base = {
      ...ada,
      x509Certificates: [
        { value: certificate, type: 'old' },
        { value: 'BBBB', type: 'new' },
      ],
    }
    expect(operations({ x509Certificates: [{ value: 'BBBB', type: 'new' }] }, base)).toEqual([
      { op: 'remove', path: 'x509Certificates[type eq "old"]' },
    ])
  })

  test('a filter that is right only after another operation is not used: it would do the work of both', () => {
    const long = 'z'.repeat(900)
    const of = (type: string): JsonObject => ({
      roles: ['a', long, 'c'].map((value) => ({ value, type: value === 'c' ? 'x' : type })),
    })
    expect(operations(of('new'), { ...ada, ...of('old') })).toEqual([
      { op: 'replace', path: 'roles', value: of('new').roles },
    ])
  })

  test('values with quotes and brackets stay within their quotes', () => {
    const value = 'a"] or value pr and x[y eq "\\'
    const [operation] = operations({ roles: [{ value: 'b' }] }, { ...ada, roles: [{ value }, { value: 'b' }] })
    expect(operation).toEqual({ op: 'remove', path: `roles[value eq ${JSON.stringify(value)}]` })
    const stored = { schemas: [core], id: 'id-1', userName: 'a', roles: [{ value }, { value: 'b' }] }
    expect(patchWith(userType, stored, message(operation as JsonValue)).after.roles).toEqual([{ value: 'b' }])
  })
})

describe('members', () => {
  const member = (i: number): JsonObject => ({
    value: `u${i}`,
    type: 'User',
    display: `User ${i}`,
    $ref: `../Users/u${i}`,
  })
  const group: JsonObject = {
    schemas: [groupUrn],
    id: 'g',
    displayName: 'Guides',
    members: Array.from({ length: 1_000 }, (_, i) => member(i)),
  }

  test('are added and removed without a list of the others', () => {
    const members = [...(group.members as readonly JsonObject[]).slice(2), { value: 'new' }]
    expect(operations({ members }, group)).toEqual([
      { op: 'remove', path: 'members[value eq "u0"]' },
      { op: 'remove', path: 'members[value eq "u1"]' },
      { op: 'add', path: 'members', value: [{ value: 'new' }] },
    ])
  })

  test('are removed by their ids, whatever else they have in common', () => {
    const typed = [member(1), { value: 'g1', type: 'Group' }, { value: 'g2', type: 'Group' }]
    expect(operations({ members: [member(1)] }, { ...group, members: typed })).toEqual([
      { op: 'remove', path: 'members[value eq "g1"]' },
      { op: 'remove', path: 'members[value eq "g2"]' },
    ])
  })

  test('any other change is one replace', () => {
    const members = [{ value: 'a' }, { value: 'b' }]
    expect(operations({ members }, group)).toEqual([{ op: 'replace', path: 'members', value: members }])
  })

  test('rebuilt from their ids are the same members', () => {
    const ids = (group.members as readonly JsonObject[]).map(({ value }) => ({ value: value ?? null }))
    expect(operations({ members: ids }, group)).toEqual([])
  })

  test('without an id are sent as they are, and the server refuses them', () => {
    for (const stray of [{ $ref: '../Users/7' }, { display: 'Bo' }, { $ref: '../Users/7', type: 'User' }, {}]) {
      const members = [...(group.members as readonly JsonObject[]), stray]
      const found = operations({ members }, group)
      expect(found).toEqual([{ op: 'add', path: 'members', value: [stray] }])
      expect(() => patchWith(groupType, group, message(...found))).toThrow('members.value is required.')
      expect(operations({ members: stray }, { ...group, members: [] })).toEqual(found)
    }
    expect(operations({ members: [{ Value: '', DISPLAY: 'Bo' }, { VALUE: 'u1' }] }, group).at(-1)).toEqual({
      op: 'add',
      path: 'members',
      value: [{ value: '', display: 'Bo' }],
    })
  })

  test('without an id are no change where the server has returned them', () => {
    const strays = [{ $ref: '../Users/7', type: 'User' }, { display: 'Bo' }, {}]
    const base = { ...group, members: [member(1), ...strays] }
    expect(operations({}, base)).toEqual([])
    expect(
      operations({ members: [{}, { DISPLAY: 'Bo', value: null }, member(1), strays[0] as JsonObject] }, base),
    ).toEqual([])
    const another = { $ref: '../Users/8', type: 'User' }
    expect(operations({ members: [...base.members, another] }, base)).toEqual([
      { op: 'add', path: 'members', value: [another] },
    ])
    // The same in attributes that only the server writes.
    expect(operations({ groups: [{ display: 'Guides' }] })).toEqual([])
  })

  test('of another type are other members', () => {
    const few = { ...group, members: [member(1), member(2)] }
    expect(operations({ members: [member(1), { value: 'u2', type: 'Group' }] }, few)).toEqual([
      { op: 'remove', path: 'members[value eq "u2"]' },
      { op: 'add', path: 'members', value: [{ value: 'u2', type: 'Group' }] },
    ])
  })
})

test('types of a host: sets of plain values, lists in complex values, immutable attributes', () => {
  const base = { schemas: [deviceUrn], serial: 's', tags: ['a', 'b'], box: { marks: ['x'] }, colour: 'red' }
  const next = { schemas: [deviceUrn], serial: 's', tags: ['B', 'a', 'c'], box: { marks: ['x', 'y'] } }
  expect(diff(base, next, { type: deviceType })).toEqual([
    { op: 'replace', path: 'tags', value: ['B', 'a', 'c'] },
    { op: 'add', path: 'box.marks', value: ['y'] },
  ])
  expect(diff(base, { ...base, tags: ['a'], box: { marks: [] } }, { type: deviceType })).toEqual([
    { op: 'remove', path: 'tags[value eq "b"]' },
    { op: 'remove', path: 'box' },
  ])
  const marks = { ...base, box: { marks: ['y', 'x'] } }
  expect(diff(marks, { ...base, box: { marks: ['x', 'y'] } }, { type: deviceType })).toEqual([])
  const replaced = { ...base, box: { marks: ['y', 'z'] } }
  expect(diff(base, replaced, { type: deviceType })).toEqual([{ op: 'replace', path: 'box.marks', value: ['y', 'z'] }])
  expect(() => diff(base, next)).toThrow('pass the resource type')
})
