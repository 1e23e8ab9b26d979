/** The budget of work of one PATCH. */
import { describe, expect, test } from '@jest/globals'
import type { JsonObject } from '../../src/json/value.js'
import { defaultLimits } from '../../src/limits.js'
import { groupType, refusal, userType } from '../resource/support/reading.js'
import { message, patchWith } from './support/patching.js'
import { add, addAll, group, remove, replace, user } from './support/rows.js'

describe('work is bounded (limits.patchWork)', () => {
  const many = { ...group, members: Array.from({ length: 1_000 }, (_, i) => ({ value: `m${i}` })) }
  const ops = Array.from({ length: 20 }, (_, i) => remove(`members[type eq "x${i}"]`))

  const weight = many.members.reduce((sum, { value }) => sum + 200 + value.length, 0)

  test('one operation too many is 400 tooMany', () => {
    const enough = { ...defaultLimits, patchWork: 20 * weight }
    expect(patchWith(groupType, many, message(...ops), 'lenient', enough).after).toEqual(many)
    const tooFew = { ...defaultLimits, patchWork: 20 * weight - 1 }
    expect(refusal(() => patchWith(groupType, many, message(...ops), 'lenient', tooFew))).toBe('tooMany')
  })

  test('long values cost more, and so do long filters', () => {
    const roles = [{ value: 'x'.repeat(10_000) }]
    const before = { ...user, roles }
    const cost = (path: string, patchWork: number) =>
      patchWith(userType, before, message(replace(path, 'd')), 'lenient', { ...defaultLimits, patchWork })
    expect(cost('roles[value pr].display', 10_200).after.roles).toHaveLength(1)
    expect(refusal(() => cost('roles[value pr].display', 10_199))).toBe('tooMany')
    expect(refusal(() => cost('roles[value pr and not (type pr)].display', 20_399))).toBe('tooMany')
    expect(cost('roles[value pr and not (type pr)].display', 20_400).after.roles).toHaveLength(1)
  })

  test('a thousand removals or additions, one operation each, cost as one', () => {
    const limits = { ...defaultLimits, patchWork: 2 * weight }
    const removals = many.members.map(({ value }) => remove(`members[value eq "${value}"]`))
    expect(patchWith(groupType, many, message(...removals), 'lenient', limits).after).not.toHaveProperty('members')
    const additions = many.members.map((member) => add('members', [member]))
    const { members: _members, ...empty } = many
    expect(patchWith(groupType, empty, message(...additions), 'lenient', limits).after).toEqual(many)
  })

  test.each<[string, JsonObject]>([
    ['add', add('members', [{ value: 'x' }])],
    ['replace', replace('members', [{ value: 'x' }])],
    ['replace[filter]', replace('members[type eq "x"].type', 'User')],
    ['list.sub', add('members.type', 'User')],
    ['remove.sub', remove('members.type')],
    ['remove[filter]', remove('members[value eq "x"]')],
    ['remove with value', remove('members', [{ value: 'x' }])],
    ['no path', addAll({ members: [{ value: 'x' }] })],
  ])('%s counts', (_title, op) => {
    const limits = { ...defaultLimits, patchWork: 999 }
    expect(refusal(() => patchWith(groupType, many, message(op), 'lenient', limits))).toBe('tooMany')
  })

  test('remove by parts costs both lists', () => {
    const roles = Array.from({ length: 100 }, (_, i) => ({ value: `r${i}` }))
    const op = remove('roles', roles)
    const cost = 100 * roles.reduce((sum, { value }) => sum + 200 + value.length, 0)
    const with100 = (patchWork: number) =>
      patchWith(userType, { ...user, roles }, message(op), 'lenient', { ...defaultLimits, patchWork })
    expect(with100(cost).after).not.toHaveProperty('roles')
    expect(refusal(() => with100(cost - 1))).toBe('tooMany')
  })
})
