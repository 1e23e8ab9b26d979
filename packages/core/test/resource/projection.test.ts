import { describe, expect, test } from '@jest/globals'
import { type Interop, interopFrom } from '../../src/interop.js'
import type { JsonObject } from '../../src/json/value.js'
import { defaultLimits } from '../../src/limits.js'
import { type ProjectionRequest, project, projectionFrom } from '../../src/resource/projection.js'
import type { ResourceType } from '../../src/schema/attribute.js'
import { compileResourceType } from '../../src/schema/compile.js'
import { core, enterprise, plain, refusal, userType } from './support/reading.js'

const urn = 'urn:example:Shown'
const extensionUrn = 'urn:example:ShownExtension'

/** Every `returned`, at the top, below each other `returned`, in lists and in an extension. */
const shownType: ResourceType = compileResourceType({
  name: 'Shown',
  endpoint: '/Shown',
  schema: {
    id: urn,
    name: 'Shown',
    attributes: {
      always: { returned: 'always' },
      usual: {},
      request: { returned: 'request' },
      never: { returned: 'never' },
      box: {
        type: 'complex',
        subAttributes: {
          always: { returned: 'always' },
          usual: {},
          request: { returned: 'request' },
          never: { returned: 'never' },
        },
      },
      list: { type: 'complex', multiValued: true, subAttributes: { value: {}, asked: { returned: 'request' } } },
      asked: { type: 'complex', returned: 'request', subAttributes: { value: {}, other: {} } },
      fixed: { type: 'complex', returned: 'always', subAttributes: { value: {}, other: {} } },
    },
  },
  extensions: [
    {
      required: false,
      schema: { id: extensionUrn, name: 'E', attributes: { usual: {}, request: { returned: 'request' }, extra: {} } },
    },
  ],
})

const document: JsonObject = {
  schemas: [urn, extensionUrn],
  id: 'x',
  meta: { version: 'W/"1-a"', resourceType: 'Shown' },
  always: 'A',
  usual: 'U',
  request: 'R',
  never: 'N',
  box: { always: 'bA', usual: 'bU', request: 'bR', never: 'bN' },
  list: [{ value: '1', asked: 'a' }, { asked: 'b' }],
  asked: { value: 'v', other: 'o' },
  fixed: { value: 'v', other: 'o' },
  [extensionUrn]: { usual: 'eU', request: 'eR', extra: 'eE' },
}

function shown(type: ResourceType, given: JsonObject, request: ProjectionRequest, interop: Interop = 'lenient') {
  return plain(project(type, given, projectionFrom(type, request, interopFrom(interop), defaultLimits)))
}

/** The attributes that are always shown (RFC 7643 §2.2 `always`). */
const minimum = {
  schemas: [urn, extensionUrn],
  id: 'x',
  always: 'A',
  box: { always: 'bA' },
  fixed: { value: 'v', other: 'o' },
}
const byDefault = {
  ...minimum,
  meta: { version: 'W/"1-a"', resourceType: 'Shown' },
  usual: 'U',
  box: { always: 'bA', usual: 'bU' },
  list: [{ value: '1' }],
  [extensionUrn]: { usual: 'eU', extra: 'eE' },
}
const { usual: _usual, ...withoutUsual } = byDefault
const { list: _list, ...withoutList } = byDefault
const { meta: _meta, ...withoutMeta } = byDefault
const { [extensionUrn]: _extension, ...withoutExtension } = byDefault

describe('RFC 7644 §3.9, RFC 7643 §2.2', () => {
  test.each<[string, ProjectionRequest, JsonObject]>([
    ['no projection', {}, byDefault],
    ['attributes: a default one', { attributes: ['usual'] }, { ...minimum, usual: 'U' }],
    ['attributes: in any case', { attributes: ['USUAL'] }, { ...minimum, usual: 'U' }],
    ['attributes: with its URN', { attributes: [`${urn.toUpperCase()}:usual`] }, { ...minimum, usual: 'U' }],
    ['attributes: a request one', { attributes: ['request'] }, { ...minimum, request: 'R' }],
    ['attributes: a never one', { attributes: ['never'] }, minimum],
    ['attributes: an always one', { attributes: ['always'] }, minimum],
    ['attributes: unknown', { attributes: ['nothing'] }, minimum],
    ['attributes: prototype names', { attributes: ['__proto__', 'constructor', 'toString'] }, minimum],
    ['attributes: two', { attributes: ['usual', 'meta'] }, { ...minimum, usual: 'U', meta: byDefault.meta }],
    ['attributes: a part of meta', { attributes: ['meta.version'] }, { ...minimum, meta: { version: 'W/"1-a"' } }],
    ['attributes: an object', { attributes: ['box'] }, { ...minimum, box: { always: 'bA', usual: 'bU' } }],
    ['attributes: a part', { attributes: ['box.usual'] }, { ...minimum, box: { always: 'bA', usual: 'bU' } }],
    [
      'attributes: a request part',
      { attributes: ['box.request'] },
      { ...minimum, box: { always: 'bA', request: 'bR' } },
    ],
    ['attributes: a never part', { attributes: ['box.never'] }, minimum],
    ['attributes: a list', { attributes: ['list'] }, { ...minimum, list: [{ value: '1' }] }],
    ['attributes: a part of a list', { attributes: ['list.value'] }, { ...minimum, list: [{ value: '1' }] }],
    [
      'attributes: a request part of a list',
      { attributes: ['list.asked'] },
      { ...minimum, list: [{ asked: 'a' }, { asked: 'b' }] },
    ],
    ['attributes: a part of a request one', { attributes: ['asked.value'] }, { ...minimum, asked: { value: 'v' } }],
    ['attributes: a request one whole', { attributes: ['asked'] }, { ...minimum, asked: { value: 'v', other: 'o' } }],
    ['attributes: a part of an always one', { attributes: ['fixed.value'] }, minimum],
    [
      'attributes: an extension',
      { attributes: [extensionUrn] },
      { ...minimum, [extensionUrn]: { usual: 'eU', request: 'eR', extra: 'eE' } },
    ],
    [
      'attributes: one of an extension',
      { attributes: [`${extensionUrn}:extra`] },
      { ...minimum, [extensionUrn]: { extra: 'eE' } },
    ],
    [
      'attributes: a request one of an extension',
      { attributes: [`${extensionUrn}:request`] },
      { ...minimum, [extensionUrn]: { request: 'eR' } },
    ],
    ['excluded: a default one', { excludedAttributes: ['usual'] }, withoutUsual],
    ['excluded: in any case', { excludedAttributes: ['uSUAL'] }, withoutUsual],
    [
      'excluded: always ones stay',
      { excludedAttributes: ['always', 'id', 'schemas', 'fixed', 'box.always'] },
      byDefault,
    ],
    [
      'excluded: a default part of an always one',
      { excludedAttributes: ['fixed.value'] },
      { ...byDefault, fixed: { other: 'o' } },
    ],
    ['excluded: a request one', { excludedAttributes: ['request', 'asked.value'] }, byDefault],
    ['excluded: meta', { excludedAttributes: ['meta'] }, withoutMeta],
    ['excluded: a part', { excludedAttributes: ['box.usual'] }, { ...byDefault, box: { always: 'bA' } }],
    ['excluded: the only part of a list', { excludedAttributes: ['list.value'] }, withoutList],
    ['excluded: a list', { excludedAttributes: ['list'] }, withoutList],
    ['excluded: an extension', { excludedAttributes: [extensionUrn.toUpperCase()] }, withoutExtension],
    [
      'excluded: one of an extension',
      { excludedAttributes: [`${extensionUrn}:usual`] },
      { ...byDefault, [extensionUrn]: { extra: 'eE' } },
    ],
    ['excluded: unknown', { excludedAttributes: ['nothing', '__proto__'] }, byDefault],
  ])('%s', (_title, request, expected) => {
    expect(shown(shownType, document, request)).toEqual(expected)
  })

  test('both are 400 invalidValue', () => {
    const both = { attributes: ['usual'], excludedAttributes: ['list'] }
    expect(refusal(() => shown(shownType, document, both))).toBe('invalidValue')
  })

  test('200 names, 201 are 400 invalidValue', () => {
    const names = Array.from({ length: 201 }, (_, i) => `n${i}`)
    expect(refusal(() => shown(shownType, document, { attributes: names }))).toBe('invalidValue')
    expect(refusal(() => shown(shownType, document, { excludedAttributes: names }))).toBe('invalidValue')
    expect(shown(shownType, document, { attributes: names.slice(1) })).toEqual(minimum)
  })
})

describe('a User', () => {
  const user: JsonObject = {
    schemas: [core, enterprise],
    id: 'x',
    userName: 'b',
    name: { givenName: 'B', familyName: 'J' },
    password: 'p',
    emails: [
      { value: 'w', type: 'work' },
      { value: 'h', type: 'home' },
    ],
    [enterprise]: { department: 'D', manager: { value: 'm', displayName: 'M' } },
  }
  const base = { schemas: [core, enterprise], id: 'x' }
  test.each<[string, readonly string[], JsonObject]>([
    ['name.givenName', ['name.givenName'], { name: { givenName: 'B' } }],
    ['two parts', ['name.givenName', 'Name.FamilyName'], { name: { givenName: 'B', familyName: 'J' } }],
    ['emails.value', ['emails.value'], { emails: [{ value: 'w' }, { value: 'h' }] }],
    ['password, never (IDP-37)', ['password', `${core}:password`], {}],
    ['URN:attr.sub', [`${enterprise}:manager.value`], { [enterprise]: { manager: { value: 'm' } } }],
    ['the extension', [enterprise], { [enterprise]: user[enterprise] ?? {} }],
  ])('attributes=%s', (_title, attributes, expected) => {
    expect(shown(userType, user, { attributes })).toEqual({ ...base, ...expected })
  })

  test('bare extension names in lenient alone (IDP-7)', () => {
    const expected = { ...base, [enterprise]: { department: 'D' } }
    expect(shown(userType, user, { attributes: ['department'] })).toEqual(expected)
    expect(shown(userType, user, { attributes: ['department'] }, 'strict')).toEqual(base)
  })

  test('the core URN names all of the core', () => {
    const { [enterprise]: _e, password: _p, ...all } = user
    expect(shown(userType, user, { attributes: [core] })).toEqual(all)
  })

  test('without a projection, no password', () => {
    expect(shown(userType, user, {})).not.toHaveProperty('password')
    expect(shown(userType, user, { excludedAttributes: ['emails'] })).not.toHaveProperty('password')
  })
})
