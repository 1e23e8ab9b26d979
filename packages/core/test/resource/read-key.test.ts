/** Duplicate and unknown names in request bodies, and the names that are reported as ignored. */
import { describe, expect, test } from '@jest/globals'
import type { JsonObject } from '../../src/json/value.js'
import { extended, user } from './support/bodies.js'
import { core, enterprise, read, refusal, userType } from './support/reading.js'

describe('duplicate names are 400 invalidValue: they are ambiguous', () => {
  test.each<[string, JsonObject]>([
    ['top level', { title: 'a', Title: 'b' }],
    ['the same value', { title: 'a', TITLE: 'a' }],
    ['bare and with URN', { title: 'a', [`${core}:title`]: 'b' }],
    ['parts', { name: { givenName: 'a', GivenName: 'b' } }],
    ['parts of an element', { emails: [{ value: 'a', Value: 'b' }] }],
    ['extensions', { [enterprise]: { division: 'a' }, [enterprise.toUpperCase()]: { division: 'b' } }],
    ['in an extension', extended({ division: 'a', Division: 'b' })],
    ['bare name and URN:attr', { department: 'a', [`${enterprise}:department`]: 'b' }],
    ['dotted keys', { 'name.givenName': 'a', 'Name.GivenName': 'b' }],
  ])('%s', (_title, body) => {
    expect(refusal(() => read(userType, user(body)))).toBe('invalidValue')
  })
})

describe('ignored attributes are reported by name, never by value', () => {
  test.each<[string, JsonObject, readonly string[]]>([
    ['unknown attributes', { nothing: 'secret', nickname2: [] }, ['nothing', 'nickname2']],
    ['unknown parts', { name: { nothing: 1 }, emails: [{ value: 'a', x: 1 }] }, ['name.nothing', 'emails.x']],
    ['unknown in an extension', extended({ nothing: 1 }), [`${enterprise}:nothing`]],
    ['readOnly ones', { groups: [{ value: 'g' }] }, ['groups']],
    [
      'each once',
      {
        emails: [
          { x: 1, value: 'a' },
          { x: 2, value: 'b' },
        ],
      },
      ['emails.x'],
    ],
    ['nothing for null', { nothing: null, groups: null, name: { nothing: null } }, []],
    ['nothing for attributes that every client echoes', { id: 'x', meta: {}, schemas: [core] }, []],
  ])('%s', (_title, body, expected) => {
    expect(read(userType, user(body)).ignored).toEqual(expected)
  })

  test('at most 50 names', () => {
    const body = Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`n${i}`, 1]))
    expect(read(userType, user(body)).ignored).toEqual(Object.keys(body).slice(0, 50))
  })

  test.each(['x'.repeat(129), 'Barbara Jensen', 'a\nb', 'b@example.com', '__proto__', ''])(
    '%.20j is not a name: it could be anything, and is not reported',
    (name) => {
      expect(read(userType, user({ [name]: 1 })).ignored).toEqual(['(not a name)'])
    },
  )

  test('unknown attributes are 400 where the switch is off, null ones never', () => {
    const switched = { unknownAttributes: false }
    expect(refusal(() => read(userType, user({ nothing: 1 }), switched))).toBe('invalidValue')
    expect(refusal(() => read(userType, user({ name: { nothing: 1 } }), switched))).toBe('invalidValue')
    expect(refusal(() => read(userType, user(extended({ nothing: 1 })), switched))).toBe('invalidValue')
    expect(read(userType, user({ nothing: null }), switched).document).toEqual({})
  })
})

test('keys with a meaning in JavaScript prototypes are names like others: unknown, and nothing is polluted (SEC-8)', () => {
  const hostile = JSON.parse(
    `{"schemas":["${core}"],"userName":"b","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},` +
      `"name":{"__proto__":{"polluted":1},"toString":"x"},"name.__proto__":{"polluted":1},"__proto__.polluted":1,` +
      `"${enterprise}":{"__proto__":{"polluted":1}},"emails":[{"value":"a","__proto__":{"polluted":1}}]}`,
  ) as JsonObject
  const { document } = read(userType, hostile)
  expect(document).toEqual({ userName: 'b', emails: [{ value: 'a' }] })
  expect(Object.hasOwn(document, '__proto__')).toBe(false)
  expect('polluted' in {}).toBe(false)
})
