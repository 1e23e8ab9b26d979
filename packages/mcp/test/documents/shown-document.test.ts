/** Documents as results show them: cleaned texts, omitted values, and the names of altered attributes. */
import { describe, expect, test } from '@jest/globals'
import type { JsonObject } from '@scimkit/core'
import { compileResourceType, userType } from '@scimkit/core/schema'
import { shownDocument } from '../../src/documents/shown-document.js'
import { shownText } from '../../src/documents/shown-text.js'

const type = compileResourceType(userType)
const bounds = { textLength: 20, listLength: 2 }
const shown = (document: JsonObject) => shownDocument(type, document, bounds)

describe('shownText', () => {
  test.each<readonly [string, string]>([
    ['', ''],
    ['Ada', 'Ada'],
    ['Zoë 李 🙂', 'Zoë 李 🙂'],
    ['a\u0000b\u001bc\u007fd\u0085e', 'abcde'],
    ['line\nbreak\ttab', 'linebreaktab'],
    ['\u202eada\u202c \u2066x\u2069', 'ada x'],
    ['a\u200bb\ufeffc\u00add\u2060e', 'abcde'],
    ['a\u{e0041}\u{e0042}b', 'ab'],
    ['a\ud800b', 'ab'],
    ['x'.repeat(21), 'x'.repeat(20)],
    // A character is never cut in two.
    [`${'x'.repeat(19)}🙂`, 'x'.repeat(19)],
  ])('%j', (text, expected) => expect(shownText(text, 20)).toBe(expected))
})

describe('shownDocument', () => {
  test('values as they are stored: nothing is altered', () => {
    const document = { id: '1', userName: 'ada', name: { givenName: 'Ada' }, emails: [{ value: 'a@x', primary: true }] }
    expect(shown({ ...document, schemas: [type.schema.id], meta: { version: 'W/"1"', resourceType: 'User' } })).toEqual(
      {
        resource: { ...document, meta: { resourceType: 'User' } },
        altered: [],
      },
    )
  })

  test.each<readonly [string, JsonObject, JsonObject, readonly string[]]>([
    ['a hidden character', { title: 'a\u202eb' }, { title: 'ab' }, ['title']],
    ['in a part', { name: { givenName: 'a\u0000' } }, { name: { givenName: 'a' } }, ['name.givenName']],
    [
      'a long list',
      { emails: [{ value: 'a' }, { value: 'b' }, { value: 'c' }] },
      { emails: [{ value: 'a' }, { value: 'b' }] },
      ['emails'],
    ],
    ['another type', { active: 'yes', userName: 7 }, {}, ['active', 'userName']],
    ['secrets and unknown attributes', { password: 'secret', shoeSize: 42, __proto__: 1 } as JsonObject, {}, []],
    ['null and nothing', { title: null, name: {} }, {}, []],
  ])('%s', (_, document, resource, altered) => {
    const result = shown(document)
    expect(result.resource).toEqual(resource)
    expect([...result.altered].sort()).toEqual([...altered].sort())
  })
})
