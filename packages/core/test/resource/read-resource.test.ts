/** Quirks of identity providers in the bodies of POST and PUT. */
import { describe, expect, test } from '@jest/globals'
import type { Interop } from '../../src/interop.js'
import type { JsonObject, JsonValue } from '../../src/json/value.js'
import { extended, outcome, user } from './support/bodies.js'
import { core, enterprise, groupType, groupUrn, read, refusal, userType } from './support/reading.js'

const group = (attributes: JsonObject): JsonObject => ({ schemas: [groupUrn], ...attributes })

describe('quirks of identity providers in POST and PUT bodies: lenient, then strict', () => {
  const users: readonly [string, JsonObject, JsonValue, JsonValue][] = [
    ['IDP-2: names in any case', { DISPLAYNAME: 'B' }, { displayName: 'B' }, { displayName: 'B' }],
    [
      'IDP-2: names of parts in any case',
      { Emails: [{ VALUE: 'a@b', Primary: true }] },
      { emails: [{ value: 'a@b', primary: true }] },
      { emails: [{ value: 'a@b', primary: true }] },
    ],
    [
      'IDP-2: URNs in any case',
      { [enterprise.toUpperCase()]: { Department: 'D' } },
      extended({ department: 'D' }),
      extended({ department: 'D' }),
    ],
    ['IDP-3: "True"', { active: 'True' }, { active: true }, 'invalidValue'],
    ['IDP-3: "FALSE"', { active: 'FALSE' }, { active: false }, 'invalidValue'],
    [
      'IDP-3: in a part',
      { emails: [{ value: 'a', primary: 'false' }] },
      { emails: [{ value: 'a', primary: false }] },
      'invalidValue',
    ],
    ['IDP-3: text stays text', { title: 'True' }, { title: 'True' }, { title: 'True' }],
    ['IDP-3: no other spelling of true', { active: 'yes' }, 'invalidValue', 'invalidValue'],
    ['IDP-3: not a number', { active: 1 }, 'invalidValue', 'invalidValue'],
    ['IDP-3: no blanks', { active: ' true' }, 'invalidValue', 'invalidValue'],
    ['IDP-5: dotted keys', { 'name.givenName': 'B' }, { name: { givenName: 'B' } }, 'invalidValue'],
    [
      'IDP-5: dotted keys beside the object',
      { name: { familyName: 'J' }, 'name.givenName': 'B' },
      { name: { familyName: 'J', givenName: 'B' } },
      'invalidValue',
    ],
    [
      'IDP-5: the object after a dotted key',
      { 'Name.GivenName': 'B', name: { familyName: 'J' } },
      { name: { givenName: 'B', familyName: 'J' } },
      'invalidValue',
    ],
    [
      'IDP-6: URN:attr keys',
      { [`${enterprise}:department`]: 'D' },
      extended({ department: 'D' }),
      extended({ department: 'D' }),
    ],
    [
      'IDP-6: URN:attr.sub keys',
      { [`${enterprise}:manager.value`]: 'm' },
      extended({ manager: { value: 'm' } }),
      'invalidValue',
    ],
    ['IDP-6: core URN keys', { [`${core}:title`]: 'T' }, { title: 'T' }, { title: 'T' }],
    ['IDP-7: bare extension names', { department: 'D' }, extended({ department: 'D' }), 'invalidValue'],
    ['IDP-8: manager as text', extended({ manager: 'm' }), extended({ manager: { value: 'm' } }), 'invalidValue'],
    [
      'IDP-8: manager in a list of one',
      extended({ manager: [{ value: 'm' }] }),
      extended({ manager: { value: 'm' } }),
      'invalidValue',
    ],
    ['IDP-8: two managers', extended({ manager: [{ value: 'm' }, { value: 'n' }] }), 'invalidValue', 'invalidValue'],
    [
      'IDP-8: manager with parts that the server computes',
      extended({ manager: { value: 'm', $ref: '../Users/m', displayName: 'M' } }),
      extended({ manager: { value: 'm' } }),
      extended({ manager: { value: 'm' } }),
    ],
    ['IDP-9: manager ""', extended({ manager: '', division: 'D' }), extended({ division: 'D' }), 'invalidValue'],
    ['IDP-9: manager null', extended({ manager: null }), {}, {}],
    ['IDP-9: manager {value: ""}', extended({ manager: { value: '' } }), {}, {}],
    ['IDP-9: manager without value', extended({ manager: { displayName: 'M' } }), {}, {}],
    ['IDP-20: the server’s attributes', { id: 'x', meta: { version: 'W/"9"' }, groups: [] }, {}, {}],
    ['IDP-20: in any case', { ID: 'x', Meta: 1, GROUPS: [{ value: 'g' }] }, {}, {}],
    ['IDP-20: with its URN', { [`${core}:id`]: 'x', [`${core}:meta`]: {} }, {}, {}],
    ['IDP-21: null is unassigned', { title: null, emails: null, name: null, active: null }, {}, {}],
    ['IDP-21: [] is unassigned', { emails: [], roles: [] }, {}, {}],
    ['IDP-21: {} is unassigned', { name: {}, [enterprise]: {} }, {}, {}],
    [
      'IDP-21: null parts',
      { name: { givenName: null, familyName: 'J' } },
      { name: { familyName: 'J' } },
      { name: { familyName: 'J' } },
    ],
    ['IDP-21: only null parts', { name: { givenName: null } }, {}, {}],
    [
      'IDP-21: null elements',
      { emails: [null, { value: 'a' }, { value: null }] },
      { emails: [{ value: 'a' }] },
      { emails: [{ value: 'a' }] },
    ],
    ['IDP-21: unknown and null', { nothing: null }, {}, {}],
    ['IDP-21: [] for a single value', { title: [] }, {}, {}],
    [
      'IDP-22: empty text',
      { title: '', name: { middleName: '' } },
      { title: '', name: { middleName: '' } },
      { title: '', name: { middleName: '' } },
    ],
    [
      'IDP-23: unknown attributes',
      { nothing: { a: [1] }, emails: [{ value: 'a', x: 1 }] },
      { emails: [{ value: 'a' }] },
      { emails: [{ value: 'a' }] },
    ],
    ['IDP-23: unregistered extensions', { 'urn:example:other:User': { a: 1 } }, {}, {}],
    ['IDP-23: unknown names in an extension', extended({ nothing: 1 }), {}, {}],
    ['FP-M10: one value for a list', { emails: { value: 'a' } }, { emails: [{ value: 'a' }] }, 'invalidValue'],
    [
      'IDP-17: plain texts for elements',
      { emails: ['a', 'b'] },
      { emails: [{ value: 'a' }, { value: 'b' }] },
      'invalidValue',
    ],
    [
      'IDP-30: text of JSON is text',
      { roles: [{ value: '{"id":1}' }] },
      { roles: [{ value: '{"id":1}' }] },
      { roles: [{ value: '{"id":1}' }] },
    ],
    [
      'IDP-30: unknown displayName in roles',
      { roles: [{ value: 'r', displayName: 'R' }] },
      { roles: [{ value: 'r' }] },
      { roles: [{ value: 'r' }] },
    ],
    ['IDP-37: password is passed to the writer', { password: 'p' }, { password: 'p' }, { password: 'p' }],
    ['IDP-38: garbage', { emails: [{ value: 'a', primary: '+1 555' }] }, 'invalidValue', 'invalidValue'],
    ['IDP-38: an object for text', { title: {} }, 'invalidValue', 'invalidValue'],
    ['IDP-38: a list for text', { title: ['a', 'b'] }, 'invalidValue', 'invalidValue'],
    ['an integer for a string is its digits', { title: 701984 }, { title: '701984' }, 'invalidValue'],
    ['an integer in a part', { name: { givenName: -7 } }, { name: { givenName: '-7' } }, 'invalidValue'],
    ['an integer in an extension', extended({ employeeNumber: 0 }), extended({ employeeNumber: '0' }), 'invalidValue'],
    ['IDP-38: a fraction for a string', { title: 1.5 }, 'invalidValue', 'invalidValue'],
    ['IDP-38: an integer that is not exact', { title: 2 ** 53 }, 'invalidValue', 'invalidValue'],
    ['IDP-38: a boolean for a string', { title: true }, 'invalidValue', 'invalidValue'],
    ['IDP-38: an integer for a reference', { profileUrl: 1 }, 'invalidValue', 'invalidValue'],
    ['IDP-38: an integer for a password', { password: 1 }, 'invalidValue', 'invalidValue'],
    ['a dot for the colon', { [`${enterprise}.department`]: 'D' }, extended({ department: 'D' }), 'invalidValue'],
    ['a dot for the colon, core', { [`${core}.title`]: 'T' }, { title: 'T' }, 'invalidValue'],
    [
      'a dot for the colon, a part',
      { [`${enterprise}.manager.value`]: 'm' },
      extended({ manager: { value: 'm' } }),
      'invalidValue',
    ],
    [
      'dotted keys in an extension',
      extended({ 'manager.value': 'm' }),
      extended({ manager: { value: 'm' } }),
      'invalidValue',
    ],
    [
      'full paths in an extension',
      extended({ [`${enterprise}:department`]: 'D' }),
      extended({ department: 'D' }),
      extended({ department: 'D' }),
    ],
    ['a part of a list as a key', { 'emails.value': 'a' }, 'invalidValue', 'invalidValue'],
    ['a value path as a key', { 'emails[type eq "work"].value': 'a' }, 'invalidValue', 'invalidValue'],
    ['the core schema as text', { [core]: 'x' }, 'invalidValue', 'invalidValue'],
    ['the core schema as null', { [core]: null }, {}, {}],
    ['JSON in a string for an element', { emails: ['{"value":"a"}'] }, 'invalidValue', 'invalidValue'],
    ['JSON in a string for a manager', extended({ manager: ' {"value":"m"}' }), 'invalidValue', 'invalidValue'],
    [
      'elements equal by caseExact',
      {
        emails: [
          { value: 'A@x', type: 'work' },
          { value: 'a@X', type: 'Work' },
          { value: 'a@X', type: 'home' },
        ],
      },
      {
        emails: [
          { value: 'A@x', type: 'work' },
          { value: 'a@X', type: 'home' },
        ],
      },
      {
        emails: [
          { value: 'A@x', type: 'work' },
          { value: 'a@X', type: 'home' },
        ],
      },
    ],
    ['IDP-38: text for a name', { name: 'Babs' }, 'invalidValue', 'invalidValue'],
    ['IDP-38: a list in a list', { emails: [['a']] }, 'invalidValue', 'invalidValue'],
    ['IDP-38: text for an extension', { [enterprise]: 'x' }, 'invalidValue', 'invalidValue'],
    ['IDP-38: no base64', { x509Certificates: [{ value: 'not base64!' }] }, 'invalidValue', 'invalidValue'],
  ]
  test.each(users)('User, %s', (_title, body, lenient, strict) => {
    expect(outcome(() => read(userType, user(body)))).toEqual(lenient)
    expect(outcome(() => read(userType, user(body), 'strict'))).toEqual(strict)
    // Entra is lenient, and more.
    expect(outcome(() => read(userType, user(body), 'entra'))).toEqual(lenient)
  })

  const members: readonly [string, JsonValue, JsonValue, JsonValue][] = [
    ['with display, null $ref', [{ value: 'a', display: 'A', $ref: null }], [{ value: 'a' }], [{ value: 'a' }]],
    ['with type', [{ value: 'a', type: 'User' }], [{ value: 'a', type: 'User' }], [{ value: 'a', type: 'User' }]],
    ['with a relative $ref', [{ value: 'a', $ref: '../Users/a' }], [{ value: 'a' }], [{ value: 'a' }]],
    ['with display null, type null', [{ value: 'a', display: null, type: null }], [{ value: 'a' }], [{ value: 'a' }]],
    ['plain texts', ['a', 'b'], [{ value: 'a' }, { value: 'b' }], 'invalidValue'],
    ['one object', { value: 'a' }, [{ value: 'a' }], 'invalidValue'],
    ['one text', 'a', [{ value: 'a' }], 'invalidValue'],
    ['the same one twice (IDP-16)', [{ value: 'a' }, { value: 'a', type: 'User' }], [{ value: 'a' }], [{ value: 'a' }]],
    [
      'two of different case: ids are exact',
      [{ value: 'a' }, { value: 'A' }],
      [{ value: 'a' }, { value: 'A' }],
      [{ value: 'a' }, { value: 'A' }],
    ],
    ['none (IDP-19)', [], undefined as unknown as JsonValue, undefined as unknown as JsonValue],
    ['without value', [{ display: 'A' }], 'invalidValue', 'invalidValue'],
    ['with an empty value', [{ value: '' }], 'invalidValue', 'invalidValue'],
    ['an integer', [1], 'invalidValue', 'invalidValue'],
    ['an integer inside', [{ value: 1 }], [{ value: '1' }], 'invalidValue'],
    ['a fraction', [1.5], 'invalidValue', 'invalidValue'],
  ]
  test.each(members)('Group, IDP-17: members %s', (_title, given, lenient, strict) => {
    const membersOf = (interop: Interop): JsonValue | undefined => {
      const result = outcome(() => read(groupType, group({ displayName: 'G', members: given }), interop))
      return typeof result === 'string' ? result : (result as JsonObject).members
    }
    expect(membersOf('lenient')).toEqual(lenient)
    expect(membersOf('strict')).toEqual(strict)
  })
})

test.each([null, 'x', 1, true, [], [{}]])('a body that is %j is 400 invalidSyntax', (body) => {
  expect(refusal(() => read(userType, body))).toBe('invalidSyntax')
})
