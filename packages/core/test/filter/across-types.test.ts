/** One filter over several types. RFC 7644 §3.4.2.1, §3.4.2.2. */
import { describe, expect, test } from '@jest/globals'
import { ScimError } from '../../src/errors.js'
import { parseFilterAcross } from '../../src/filter/across-types.js'
import { printFilter } from '../../src/filter/print.js'
import type { InteropSwitches } from '../../src/interop.js'
import { compileResourceType } from '../../src/schema/compile.js'
import { groupType as groupDefinition } from '../../src/schema/standard/resource-types.js'
import { lenient, limits, strict, userType } from './support/types.js'

const groupType = compileResourceType(groupDefinition)

/** The filter for users and for groups. */
function across(text: string, interop: InteropSwitches = lenient): readonly unknown[] {
  return parseFilterAcross(text, [userType, groupType], interop, limits).map(({ filter }) =>
    typeof filter === 'boolean' ? filter : printFilter(filter),
  )
}

describe('the type is known beforehand', () => {
  test.each<[string, unknown, unknown]>([
    ['meta.resourceType eq "User"', true, false],
    ['meta.resourceType eq "user"', false, false],
    ['meta.resourceType ne "User"', false, true],
    ['meta.resourceType sw "Gr"', false, true],
    ['meta.resourceType pr', true, true],
    ['meta.resourceType eq null', false, false],
    ['meta[resourceType eq "Group"]', false, true],
    ['meta[not (resourceType eq "Group")]', true, false],
    ['not (meta.resourceType eq "User")', false, true],
    ['meta.resourceType eq "User" or meta.resourceType eq "Group"', true, true],
    ['(meta.resourceType eq "User") and (meta.resourceType eq "Group")', false, false],
    ['meta.resourceType eq "User" and id eq "1"', 'id eq "1"', false],
    ['meta.resourceType eq "User" or id eq "1"', true, 'id eq "1"'],
    ['not (meta.resourceType eq "User" and id eq "1")', 'not (id eq "1")', true],
    ['id eq "1" and (meta.resourceType eq "User" or externalId pr)', 'id eq "1"', 'id eq "1" and externalId pr'],
    [
      'id eq "1" or (meta.resourceType eq "User" and (externalId pr or displayName pr))',
      'id eq "1" or externalId pr or displayName pr',
      'id eq "1"',
    ],
  ])('%s', (text, users, groups) => {
    expect(across(text)).toEqual([users, groups])
    expect(across(text, strict)).toEqual([users, groups])
  })

  test.each(['meta.created pr', 'meta pr', 'meta[resourceType eq "User" and created pr]', 'displayName co "x"'])(
    '%s is sent to the store',
    (text) => {
      expect(across(text)).toEqual([text, text])
    },
  )
})

describe('an attribute of another type is one without a value', () => {
  test.each<[string, unknown, unknown]>([
    ['userName eq "a"', 'userName eq "a"', false],
    ['userName pr', 'userName pr', false],
    ['userName sw "a"', 'userName sw "a"', false],
    ['userName ne "a"', 'userName ne "a"', true],
    ['userName eq null', 'userName eq null', true],
    ['userName ne null', 'userName ne null', false],
    ['not (userName eq "a")', 'not (userName eq "a")', true],
    ['emails[type eq "work"]', 'emails[type eq "work"]', false],
    ['not (emails[type eq "work"])', 'not (emails[type eq "work"])', true],
    ['members[value eq "x"]', false, 'members[value eq "x"]'],
    ['userName sw "a" or displayName sw "a"', 'userName sw "a" or displayName sw "a"', 'displayName sw "a"'],
    ['userName sw "a" and displayName sw "a"', 'userName sw "a" and displayName sw "a"', false],
    ['active eq true and meta.resourceType eq "User"', 'active eq true', false],
  ])('%s', (text, users, groups) => {
    expect(across(text)).toEqual([users, groups])
    expect(across(text, strict)).toEqual([users, groups])
  })
})

test('an attribute of no type matches nothing, and is refused in strict', () => {
  expect(across('nothing ne "x"')).toEqual([false, false])
  expect(across('nothing ne "x" or id pr')).toEqual(['id pr', 'id pr'])
  expect(() => across('id pr or nothing pr', strict)).toThrow(ScimError)
  expect(() => across('nothing[type eq "x"]', strict)).toThrow('no resource type of this server has')
})

test.each([
  ['password eq "x"', 'sensitive'],
  ['userName', 'invalidFilter'],
  ['active eq "maybe"', 'invalidFilter'],
  ['', 'invalidFilter'],
])('%j is refused', (text, scimType) => {
  expect(() => across(text)).toThrow(expect.objectContaining({ scimType }))
})
