import { expect, test } from '@jest/globals'
import { changedNames } from '../../src/resource/changed-attributes.js'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

test.each([
  ['nothing', { title: 'A' }, { title: 'A' }, []],
  ['a value', { title: 'A', nickName: 'N' }, { title: 'B', nickName: 'N' }, ['title']],
  ['a new one, and a removed one', { title: 'A' }, { nickName: 'N' }, ['nickName', 'title']],
  ['a part of a complex one', { name: { givenName: 'A' } }, { name: { givenName: 'B' } }, ['name']],
  ['keys in another order', { name: { a: 'A', b: 'B' } }, { name: { b: 'B', a: 'A' } }, []],
  ['elements in another order', { emails: ['a', 'b'] }, { emails: ['b', 'a'] }, ['emails']],
  [
    'attributes of an extension',
    { [enterprise]: { department: 'A', division: 'D' } },
    { [enterprise]: { department: 'B', division: 'D', costCenter: 'C' } },
    [`${enterprise}:costCenter`, `${enterprise}:department`],
  ],
  [
    'an added extension, without the schemas',
    { schemas: ['u'] },
    { schemas: ['u', enterprise], [enterprise]: { department: 'A' } },
    [`${enterprise}:department`],
  ],
  ['a removed extension', { [enterprise]: { department: 'A' } }, {}, [`${enterprise}:department`]],
  ['a key that objects inherit', {}, { constructor: 'A' }, ['constructor']],
])('%s', (_, before, after, expected) => {
  expect([...changedNames(before, after)].sort()).toEqual(expected)
})
