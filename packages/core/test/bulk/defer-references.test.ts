/** The data without which a resource of a circle is created. @see RFC 7644 §3.7.1 */
import { describe, expect, test } from '@jest/globals'
import { deferReferences } from '../../src/bulk/defer-references.js'
import { interopFrom } from '../../src/interop.js'
import type { JsonObject } from '../../src/json/value.js'
import { compileResourceType } from '../../src/schema/compile.js'
import { groupType, userType } from '../../src/schema/standard/resource-types.js'
import { enterprise, groupUrn } from '../support/server.js'

const user = compileResourceType({
  ...userType,
  extensions: [
    ...(userType.extensions ?? []),
    {
      required: false,
      schema: {
        id: 'urn:x:desk',
        name: 'Desk',
        attributes: {
          owner: { type: 'string', required: true },
          keys: { type: 'string', multiValued: true, required: true },
          first: { type: 'string', multiValued: true, mutability: 'immutable' },
        },
      },
    },
  ],
})
const group = compileResourceType(groupType)
const split = (data: JsonObject, type = user) => {
  const { now, later, needed } = deferReferences(type, data, new Set(['a', 'b']), interopFrom('lenient'))
  return { now, later, needed: [...needed] }
}

describe('left out, and added later', () => {
  test.each<[string, JsonObject, JsonObject, JsonObject | undefined]>([
    ['nothing', { userName: 'u', title: 'bulkId:other' }, { userName: 'u', title: 'bulkId:other' }, undefined],
    ['a text', { userName: 'u', title: 'bulkId:a' }, { userName: 'u' }, { title: 'bulkId:a' }],
    [
      'the whole of a complex value',
      { [enterprise]: { manager: { value: 'bulkId:a', displayName: 'A' }, department: 'd' } },
      { [enterprise]: { department: 'd' } },
      { [enterprise]: { manager: { value: 'bulkId:a', displayName: 'A' } } },
    ],
    ['a bare name', { manager: 'bulkId:a' }, {}, { manager: 'bulkId:a' }],
    ['a dotted name', { 'manager.value': 'bulkId:a' }, {}, { 'manager.value': 'bulkId:a' }],
    [
      'a URN with a name',
      { [`${enterprise}:manager`]: { value: 'bulkId:a' } },
      {},
      { [`${enterprise}:manager`]: { value: 'bulkId:a' } },
    ],
  ])('%s', (_, data, now, later) => {
    expect(split(data)).toEqual({ now, later, needed: [] })
  })

  test('elements of a list with such a reference, and no others', () => {
    const data = {
      displayName: 'g',
      members: [{ value: 'bulkId:a' }, { value: 'x' }, { value: 'bulkId:other' }, 'bulkId:b'],
    }
    expect(split(data, group)).toEqual({
      now: { displayName: 'g', members: [{ value: 'x' }, { value: 'bulkId:other' }] },
      later: { members: [{ value: 'bulkId:a' }, 'bulkId:b'] },
      needed: [],
    })
    expect(split({ members: [{ value: 'bulkId:a' }] }, group)).toEqual({
      now: {},
      later: { members: [{ value: 'bulkId:a' }] },
      needed: [],
    })
    expect(split({ members: { value: 'bulkId:a' } }, group).later).toEqual({ members: { value: 'bulkId:a' } })
  })

  test("the type's own URN is a container too", () => {
    const { now, later } = split({ [groupUrn]: { displayName: 'g', members: [{ value: 'bulkId:a' }] } }, group)
    expect([now, later]).toEqual([
      { [groupUrn]: { displayName: 'g' } },
      { [groupUrn]: { members: [{ value: 'bulkId:a' }] } },
    ])
  })
})

describe('data that cannot be left out', () => {
  test('a required value stays, and its target is needed', () => {
    expect(split({ userName: 'bulkId:a', 'urn:x:desk': { owner: 'bulkId:b', keys: ['x', 'bulkId:a'] } })).toEqual({
      now: { userName: 'bulkId:a', 'urn:x:desk': { owner: 'bulkId:b', keys: ['x'] } },
      later: { 'urn:x:desk': { keys: ['bulkId:a'] } },
      needed: ['a', 'b'],
    })
  })

  test('a required list of nothing else stays as a whole', () => {
    const data = { 'urn:x:desk': { keys: ['bulkId:a', 'bulkId:b'] } }
    expect(split(data)).toEqual({ now: data, later: undefined, needed: ['a', 'b'] })
  })

  test('an immutable list does not grow, so it is set as a whole', () => {
    const { now, later } = split({ 'urn:x:desk': { owner: 'o', first: ['x', 'bulkId:a'] } })
    expect([now, later]).toEqual([{ 'urn:x:desk': { owner: 'o' } }, { 'urn:x:desk': { first: ['x', 'bulkId:a'] } }])
  })
})
