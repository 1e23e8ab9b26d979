/** Unknown names in paths and values, and names with a meaning in JavaScript prototypes. */
import { describe, expect, test } from '@jest/globals'
import type { JsonObject } from '../../src/json/value.js'
import { core, enterprise, userType } from '../resource/support/reading.js'
import { message, outcome, patchWith } from './support/patching.js'
import { add, addAll, home, modes, remove, replace, replaceAll, user, work } from './support/rows.js'

describe('ignored attributes are reported by name', () => {
  test.each<[string, JsonObject, readonly string[]]>([
    ['unknown path', add('nothing', 'secret'), ['nothing']],
    ['unknown part', add('name.nothing', 'secret'), ['name.nothing']],
    ['unknown part after brackets', add('emails[type eq "work"].nothing', 'secret'), ['emails.nothing']],
    ['unknown attribute before brackets', add('nothing[value eq "secret"]', 'x'), ['nothing']],
    ['an unregistered URN in remove', remove('urn:example:other:User:x'), ['urn:example:other:User:x']],
    ['unknown URN', add('urn:example:other:User:x', 'secret'), ['urn:example:other:User:x']],
    [
      'unknown keys',
      addAll({ nothing: 'secret', name: { nope: 'secret', givenName: 'Barbara' } }),
      ['nothing', 'name.nope'],
    ],
    ['unknown in an extension', add(enterprise, { nothing: 'secret' }), [`${enterprise}:nothing`]],
    ['nothing for null', replaceAll({ nothing: null }), []],
  ])('%s: no change, and %j', (_title, op, expected) => {
    const { after, ignored } = patchWith(userType, user, message(op))
    expect(after).toEqual(user)
    expect(ignored).toEqual(expected)
  })
})

describe('prototypes (CVE-2026-48170, CVE-2026-61834; SEC-8)', () => {
  const spellings = ['__proto__', 'constructor', 'prototype', 'Constructor', '__PROTO__']
  const paths = spellings.flatMap((name) => [
    name,
    `${name}.polluted`,
    `name.${name}`,
    `${name}[value eq "x"]`,
    `emails[type eq "work"].${name}`,
    `emails[${name} eq "x"].value`,
    `${core}:${name}`,
    `${enterprise}:${name}`,
    `${enterprise}:manager.${name}`,
  ])
  test.each(paths)('path %s is refused, or has no target', (path) => {
    for (const mode of modes) {
      for (const op of [add(path, 'x'), replace(path, { polluted: 1 }), remove(path)]) {
        const result = outcome(userType, user, message(op), mode)
        if (typeof result === 'string') expect(['invalidPath', 'invalidFilter', 'noTarget']).toContain(result)
        else expect(result).toEqual(user)
      }
    }
    expect('polluted' in {}).toBe(false)
  })

  test.each(['toString', 'hasOwnProperty', 'valueOf', 'toString.call', 'name.toString', 'isPrototypeOf.x'])(
    'inherited %s is unknown',
    (path) => {
      expect(outcome(userType, user, message(add(path, 'x')), 'lenient')).toEqual(user)
      expect(outcome(userType, user, message(add(path, 'x')), 'strict')).toBe('invalidPath')
    },
  )

  test('keys of values are plain keys', () => {
    const text = `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},
      "name":{"__proto__":{"polluted":1},"givenName":"Barbara"},
      "name.__proto__":1,"emails":[{"value":"x","__proto__":{"polluted":1},"constructor":1}],"__proto__.polluted":1}`
    const { after } = patchWith(userType, user, message(addAll(JSON.parse(text) as JsonObject)))
    expect(after).toEqual({ ...user, emails: [work, home, { value: 'x' }] })
    expect('polluted' in {}).toBe(false)
  })
})
