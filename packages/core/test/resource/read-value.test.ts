/** Values by data type. @see RFC 7643 §2.3 */
import { describe, expect, test } from '@jest/globals'
import type { JsonValue } from '../../src/json/value.js'
import { thingType } from '../filter/support/types.js'
import { outcome } from './support/bodies.js'
import { read } from './support/reading.js'

describe('data types (RFC 7643 §2.3)', () => {
  const schemas = ['urn:example:params:scim:schemas:2.0:Thing']
  const bad = 'invalidValue'
  test.each<[string, JsonValue, JsonValue]>([
    ['text', 'x', 'x'],
    ['text', 1, '1'],
    ['text', 1.5, bad],
    ['text', true, bad],
    ['text', true, bad],
    ['link', 'https://example.com/', 'https://example.com/'],
    ['link', 1, bad],
    ['flag', true, true],
    ['flag', 0, bad],
    ['count', 3, 3],
    ['count', -3, -3],
    ['count', 1.5, bad],
    ['count', 1e20, bad],
    ['count', '3', bad],
    ['weight', 1.5, 1.5],
    ['weight', 2, 2],
    ['weight', '1.5', bad],
    ['born', '2011-05-13T04:42:34Z', '2011-05-13T04:42:34Z'],
    ['born', '2011-05-13T04:42:34.123+02:00', '2011-05-13T04:42:34.123+02:00'],
    ['born', '2011-13-13T04:42:34Z', bad],
    ['born', '2011-05-13', bad],
    ['born', 1, bad],
    ['blob', 'AAEC', 'AAEC'],
    ['blob', 'AA==', 'AA=='],
    ['blob', 'AA', 'AA'],
    ['blob', '', ''],
    ['blob', '-_8', '-_8'],
    ['blob', 'A', bad],
    ['blob', 'AAAAA', bad],
    ['blob', 'AA=', bad],
    ['blob', 'A===', bad],
    ['blob', 'AA==AA==', bad],
    ['blob', 'A A=', bad],
    ['tags', ['a', 'b'], ['a', 'b']],
    ['tags', ['a', 'a'], ['a']],
    ['tags', ['a', 1.5], bad],
    ['tags', ['a', true], bad],
    ['scores', [1, 2], [1, 2]],
    ['scores', [1, 1.5], bad],
    ['owner', { value: 'x' }, { value: 'x' }],
    ['place', { floor: 2 }, { floor: 2 }],
    ['place', { floor: 'x' }, bad],
    ['parts', [{ value: 'x', aliases: ['a', null, 'a'] }], [{ value: 'x', aliases: ['a'] }]],
    ['parts', [{ value: 'x', aliases: [] }], [{ value: 'x' }]],
    // With `$ref` and `value` an element is a reference to a resource: without its id it refers to no resource.
    ['parts', [{ aliases: ['a'] }], bad],
  ])('%s: %j gives %j', (name, given, expected) => {
    const result = outcome(() => read(thingType, { schemas, [name]: given }))
    expect(result).toEqual(expected === bad ? bad : { [name]: expected })
  })
})
