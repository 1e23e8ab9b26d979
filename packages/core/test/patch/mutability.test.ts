/** Attributes that a PATCH may not change: of the server, readOnly, immutable, an unused password. */
import { describe, expect, test } from '@jest/globals'
import type { JsonObject } from '../../src/json/value.js'
import { compileResourceType } from '../../src/schema/compile.js'
import { core, userType } from '../resource/support/reading.js'
import { message, outcome, patchWith } from './support/patching.js'
import { add, modes, remove, replace, replaceAll, user } from './support/rows.js'

describe('attributes of the server are not for PATCH paths (SEC-1; FP-P7, FP-P8)', () => {
  const paths = ['id', 'ID', 'meta', 'Meta', 'meta.version', 'META.LOCATION', 'meta.created', `${core}:id`]
  const more = [
    `${core.toUpperCase()}:META`,
    `${core}:meta.lastModified`,
    'meta[version eq "x"]',
    'meta[version pr].version',
  ]
  for (const mode of modes) {
    test.each([...paths, ...more])(`${mode}: %s is 400 mutability for add, replace and remove`, (path) => {
      for (const op of [add(path, 'x'), replace(path, { version: 'x' }), remove(path)]) {
        expect(outcome(userType, user, message(op), mode)).toBe('mutability')
      }
    })
  }

  test.each(['groups', 'groups.value', 'groups[value eq "g"]', 'groups[value eq "g"].display', `${core}:GROUPS`])(
    'readOnly %s: 400 mutability (RFC 7644 §3.5.2), ignored and in the event by the switch',
    (path) => {
      for (const op of [add(path, [{ value: 'g' }]), replace(path, [{ value: 'g' }]), remove(path)]) {
        for (const mode of modes) expect(outcome(userType, user, message(op), mode)).toBe('mutability')
        const { after, ignored } = patchWith(userType, user, message(op), { readOnlyPatchPaths: true })
        expect(after).toEqual(user)
        expect(ignored).toEqual([expect.stringMatching(/^groups/)])
      }
    },
  )

  test('readOnly without path: ignored in every mode', () => {
    for (const mode of modes) {
      expect(outcome(userType, user, message(replaceAll({ groups: [{ value: 'g' }] })), mode)).toEqual(user)
    }
  })

  test('schemas is computed, whatever the request sets', () => {
    for (const mode of modes) {
      for (const op of [add('schemas', ['urn:x']), replace('schemas', [core]), remove('schemas')]) {
        expect(outcome(userType, user, message(op), mode)).toEqual(user)
      }
    }
  })
})

describe('immutable (RFC 7644 §3.5.2: a first value may be added)', () => {
  const type = compileResourceType({
    name: 'Fixed',
    endpoint: '/Fixed',
    schema: { id: 'urn:example:Fixed', name: 'Fixed', attributes: { born: { mutability: 'immutable' }, note: {} } },
  })
  const fresh: JsonObject = { schemas: ['urn:example:Fixed'], id: 'f', note: 'n' }
  const set: JsonObject = { ...fresh, born: 'B' }
  test.each([
    ['add a first value', fresh, add('born', 'B'), set],
    ['replace nothing', fresh, replace('born', 'B'), set],
    ['add the same', set, add('born', 'B'), set],
    ['add another', set, add('born', 'C'), 'mutability'],
    ['replace by another', set, replace('born', 'C'), 'mutability'],
    ['without path', set, replaceAll({ born: 'C' }), 'mutability'],
  ])('%s', (_title, before, op, expected) => {
    for (const mode of modes) {
      const result = outcome(type, before, message(op), mode)
      if (typeof expected === 'string') expect(result).toBe(expected)
      else expect(result).toEqual({ ...expected })
    }
  })
})

test('a password of a host that takes none is ignored in every mode, by path and without', () => {
  const unused = compileResourceType({
    name: 'User',
    endpoint: '/Users',
    schema: {
      id: core,
      name: 'User',
      attributes: { userName: { required: true }, password: { mutability: 'readOnly', returned: 'never' } },
    },
  })
  const before = { schemas: [core], id: 'u', userName: 'b' }
  for (const mode of modes) {
    for (const op of [
      add('password', 'p'),
      replace('password', 'p'),
      remove('password'),
      replaceAll({ password: 'p' }),
    ]) {
      const { after, ignored } = patchWith(unused, before, message(op), mode)
      expect(after).toEqual(before)
      expect(ignored).toEqual(['password'])
    }
  }
})
