/** Simple changes of members, by the hundred in one PATCH, against a map that applies them one by one. */
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { JsonObject } from '../../src/json/value.js'
import { effort } from '../filter/support/effort.js'
import { groupType, groupUrn } from '../resource/support/reading.js'
import { message, patchWith } from './support/patching.js'

const id = fc.constantFrom('a', 'b', 'c', 'd', 'A')
const ids = fc.array(id, { maxLength: 3 })
type Step =
  | { readonly kind: 'add'; readonly ids: readonly string[] }
  | { readonly kind: 'removeByValue'; readonly ids: readonly string[] }
  | { readonly kind: 'removeByFilter'; readonly id: string }
  | { readonly kind: 'replace'; readonly ids: readonly string[] }
  | { readonly kind: 'removeAll' }
  | { readonly kind: 'rename' }
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), ids }),
  fc.record({ kind: fc.constant('removeByValue' as const), ids }),
  fc.record({ kind: fc.constant('removeByFilter' as const), id }),
  fc.record({ kind: fc.constant('replace' as const), ids }),
  fc.record({ kind: fc.constant('removeAll' as const) }),
  fc.record({ kind: fc.constant('rename' as const) }),
)
const values = (list: readonly string[]): readonly JsonObject[] => list.map((value) => ({ value }))

function operation(one: Step): JsonObject {
  switch (one.kind) {
    case 'add':
      return { op: 'add', path: 'members', value: values(one.ids) }
    case 'removeByValue':
      return { op: 'remove', path: 'members', value: values(one.ids) }
    case 'removeByFilter':
      return { op: 'remove', path: `members[value eq "${one.id}"]` }
    case 'replace':
      return { op: 'replace', path: 'members', value: values(one.ids) }
    case 'removeAll':
      return { op: 'remove', path: 'members' }
    case 'rename':
      return { op: 'replace', path: 'displayName', value: 'G' }
  }
}

function model(before: readonly string[], steps: readonly Step[]): readonly string[] {
  let members = new Set(before)
  for (const one of steps) {
    if (one.kind === 'add') for (const value of one.ids) members.add(value)
    if (one.kind === 'removeByValue') for (const value of one.ids) members.delete(value)
    if (one.kind === 'removeByFilter') members.delete(one.id)
    if (one.kind === 'replace') members = new Set(one.ids)
    if (one.kind === 'removeAll') members = new Set()
  }
  return [...members]
}

test('combined operations have the same result as one by one', () => {
  fc.assert(
    fc.property(fc.uniqueArray(id), fc.array(step, { minLength: 1, maxLength: 12 }), (before, steps) => {
      const group: JsonObject = {
        schemas: [groupUrn],
        id: 'g',
        displayName: 'G',
        ...(before.length > 0 && { members: values(before) }),
      }
      const { members = [] } = patchWith(groupType, group, message(...steps.map(operation))).after
      expect(members).toEqual(values(model(before, steps)))
    }),
    effort(1_000),
  )
})
