import { expect, test } from '@jest/globals'
import { parseFilter } from '../../src/filter/parse.js'
import { membersUsedBy } from '../../src/provider/members-used.js'
import type { Sort } from '../../src/provider/provider.js'
import type { MembersNeed } from '../../src/resource/member.js'
import { compileResourceType } from '../../src/schema/compile.js'
import { resolvePath } from '../../src/schema/path.js'
import { groupType } from '../../src/schema/standard/resource-types.js'
import { lenient, limits } from '../filter/support/types.js'

const type = compileResourceType(groupType)
const filterOf = (text: string): ReturnType<typeof parseFilter> => parseFilter(text, type, lenient, limits)

function sortBy(name: string): Sort {
  const path = resolvePath(type, name, lenient)
  if (path === undefined) throw new Error(`no attribute ${name}`)
  return { path, descending: false }
}

test.each<[string, MembersNeed]>([
  ['id eq "g" and members eq "u"', { only: ['u'] }],
  ['members.value eq "u"', { only: ['u'] }],
  ['members[value eq "u"]', { only: ['u'] }],
  ['not (members[value eq "u"])', { only: ['u'] }],
  ['members eq "u" or members eq "v"', { only: ['u', 'v'] }],
  ['displayName eq "x"', { only: [] }],
  ['displayName pr and members eq "u"', { only: ['u'] }],
  ['members ne "u"', 'all'],
  ['members eq null', 'all'],
  ['members pr', 'all'],
  ['members sw "u"', 'all'],
  ['members[type eq "User"]', 'all'],
  ['members[value eq "u" and type eq "User"]', 'all'],
  ['members[value eq "u" or value eq "v"]', 'all'],
  ['members eq "u" and members.type eq "User"', 'all'],
  ['members eq "u" or not (members pr)', 'all'],
])('%s can distinguish: %j', (text, need) => {
  expect(membersUsedBy({ filter: filterOf(text), sort: undefined }, true)).toEqual(need)
})

test('ids that are not all in NFC, a sort by members, or no filter: any member may count', () => {
  const filter = filterOf('members eq "u"')
  expect(membersUsedBy({ filter, sort: undefined }, false)).toBe('all')
  expect(membersUsedBy({ filter, sort: sortBy('members.value') }, true)).toBe('all')
  expect(membersUsedBy({ filter, sort: sortBy('displayName') }, true)).toEqual({ only: ['u'] })
  expect(membersUsedBy({ filter: undefined, sort: undefined }, true)).toBe('all')
})
