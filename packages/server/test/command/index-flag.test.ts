import { expect, test } from '@jest/globals'
import { parseIndexes } from '../../src/command/index-flag.js'

test('--index returns attributes in the spelling of their schemas, each once', () => {
  const urn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
  const texts = [
    'User:NAME.familyname',
    'user:name.familyName',
    `User:${urn}:Department`,
    'User:costCenter',
    'Group:externalId',
  ]
  expect(parseIndexes([...texts, 'User:emails.type'])).toEqual({
    User: ['name.familyName', `${urn}:department`, `${urn}:costCenter`, 'emails.type'],
    Group: ['externalId'],
  })
  expect(parseIndexes([])).toEqual({})
})
