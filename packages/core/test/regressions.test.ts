/** One test per bug that a reader of this core has found; each failed before its fix. */
import { expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import type { ResourceProvider } from '../src/entry-points/provider.js'
import { scimError } from '../src/index.js'
import { interopFrom } from '../src/interop.js'
import type { JsonObject, JsonValue } from '../src/json/value.js'
import { defaultLimits } from '../src/limits.js'
import { atOnce } from '../src/pacing/portions.js'
import { membersNeeded } from '../src/patch/members-needed.js'
import { parsePatch } from '../src/patch/parse/parse-patch.js'
import { membersDelta, splitMembers } from '../src/provider/member-rows.js'
import { compileResourceType } from '../src/schema/compile.js'
import { message, outcome, patchWith } from './patch/support/patching.js'
import { core, enterprise, groupType, groupUrn, read, refusal, userType } from './resource/support/reading.js'
import { group, made, mount, serve, user } from './support/server.js'

const u: JsonObject = {
  schemas: [core, enterprise],
  id: 'u',
  userName: 'b',
  name: { givenName: 'B' },
  emails: [{ value: 'w', type: 'work' }, { type: 'home' }],
  [enterprise]: { manager: { value: 'm' } },
}
const g: JsonObject = { schemas: [groupUrn], id: 'g', displayName: 'G', members: [{ value: 'a' }, { value: 'b' }] }
const thing = compileResourceType({
  name: 'T',
  endpoint: '/T',
  schema: {
    id: 'urn:x:T',
    name: 'T',
    attributes: {
      immC: { type: 'complex', subAttributes: { a: { mutability: 'immutable' }, b: {} } },
      req: { multiValued: true, required: true },
      tags: { multiValued: true },
      box: { type: 'complex', subAttributes: { aliases: { multiValued: true }, n: {} } },
      loose: { type: 'complex', multiValued: true, subAttributes: { value: {}, type: {} } },
    },
  },
})
const t: JsonObject = {
  schemas: ['urn:x:T'],
  id: '1',
  immC: { a: '1', b: '2' },
  req: ['r'],
  tags: ['a', 'b'],
  box: { aliases: ['x'] },
  loose: [{ type: 'a' }, { type: 'b' }],
}
const on = (type: typeof thing, before: JsonObject, op: JsonValue) =>
  outcome(type, before, message(op), 'lenient') as JsonObject

test('a complex value without any part that the schema defines is 400, and changes nothing', () => {
  for (const op of ['add', 'replace']) {
    expect(on(userType, u, { op, path: 'name', value: { unknown: 1 } })).toBe('invalidValue')
  }
})
test('the same without path', () => {
  expect(on(userType, u, { op: 'replace', value: { name: { unknown: 1 } } })).toBe('invalidValue')
})
test('the same with readOnly parts only: a manager sent by name is not removed', () => {
  expect(on(userType, u, { op: 'replace', path: `${enterprise}:manager`, value: { displayName: 'M' } })).toEqual(u)
})
test('add {} ', () => {
  expect(on(userType, u, { op: 'add', path: 'name', value: {} })).toEqual(u)
})
test('members[value eq ""] matches no member: success, no change (§3.5.2.2)', () => {
  expect(on(groupType, g, { op: 'remove', path: 'members[value eq ""]' })).toEqual(g)
})
test('membersNeeded is exact for dotted keys', () => {
  const interop = interopFrom('lenient')
  const ops = parsePatch(message({ op: 'add', value: { 'members.value': 'x' } }), groupType, interop, defaultLimits)
  expect(membersNeeded(groupType, ops, interop)).toBe('all')
})
test('end to end: a PATCH that would be refused with all members read must not add one', async () => {
  const server = serve()
  const { path } = await made(server, group('G', ['a']))
  expect((await server.patch(path, [{ op: 'add', value: { 'members.value': 'x' } }])).status).toBe(400)
})
test('a replaced element is not there twice', () => {
  const { members } = on(groupType, g, { op: 'replace', path: 'members[value pr]', value: { value: 'z' } })
  expect(members === undefined || (members as JsonValue[]).length < 2).toBe(true)
})
test('delta.add has each id once', () => {
  let add: readonly unknown[] = []
  try {
    const { after } = patchWith(
      groupType,
      g,
      message({ op: 'replace', path: 'members[type eq "x" or not (type pr)]', value: { value: 'z' } }),
    )
    const { members } = atOnce(splitMembers(groupType, after))
    add = atOnce(membersDelta([{ value: 'a' }, { value: 'b' }], members))?.add ?? []
  } catch {
    /* refused is fine too */
  }
  expect(add.length).toBeLessThan(2)
})
test('loose', () => {
  expect(on(thing, t, { op: 'replace', path: 'loose[type pr]', value: { value: 'z' } }).loose).toEqual([{ value: 'z' }])
})
test('an element that lost its last part is removed', () => {
  expect(on(userType, u, { op: 'replace', path: 'emails.type', value: null }).emails).toEqual([{ value: 'w' }])
})
test('valuePath on a single complex attribute that does not match: noTarget, not a silent 200', () => {
  expect(on(userType, u, { op: 'add', path: 'name[givenName eq "C"].familyName', value: 'q' })).toBe('noTarget')
})
test('two elements for attr[filter]: the second is not dropped silently', () => {
  expect(
    on(userType, u, { op: 'replace', path: 'emails[type eq "work"]', value: [{ value: 'q' }, { value: 'r' }] }),
  ).toBe('invalidValue')
})
test('a duplicate name in a value without path is 400, as in POST', () => {
  expect(on(userType, u, { op: 'replace', value: { title: 'A', Title: 'B' } })).toBe('invalidValue')
})
test('an object and a dotted key for the same part in a POST', () => {
  expect(refusal(() => read(userType, { schemas: [core], name: { givenName: 'A' }, 'name.givenName': 'C' }))).toBe(
    'invalidValue',
  )
})
test('duplicate schemas', () => {
  expect(refusal(() => read(userType, { schemas: [core], Schemas: ['urn:x'], userName: 'b' }))).toBe('invalidValue')
})
test('own URN container and bare', () => {
  expect(refusal(() => read(userType, { schemas: [core], userName: 'b', title: 'A', [core]: { title: 'B' } }))).toBe(
    'invalidValue',
  )
})
test('removing the last value of a required list is mutability (§3.5.2.2)', () => {
  expect(on(thing, t, { op: 'remove', path: 'req', value: ['r'] })).toBe('mutability')
})
test('removing a whole with an immutable part', () => {
  expect(on(thing, t, { op: 'remove', path: 'immC' })).toBe('mutability')
})
test('simple multi-valued [value eq]', () => {
  expect(on(thing, t, { op: 'remove', path: 'tags[value eq "a"]' })).toMatchObject({ tags: ['b'] })
})
test('add to a multi-valued part appends', () => {
  expect(on(thing, t, { op: 'add', path: 'box.aliases', value: ['y'] })).toMatchObject({ box: { aliases: ['x', 'y'] } })
})
test('remove with value from a multi-valued part never removes all', () => {
  expect(on(thing, t, { op: 'remove', path: 'box.aliases', value: ['nope'] })).toEqual(t)
})
test('a provider that throws a ScimError 404 is not 404', async () => {
  const provider = {
    ...memoryProvider(),
    read: () => {
      throw scimError.notFound()
    },
  }
  expect((await serve({ provider }).get('/Users/x')).status).toBe(500)
})
test('absolute form without path but with a query is the root, not the query', async () => {
  expect((await serve().ask({ target: `https://scim.example?x=${mount}/Users` })).status).toBe(404)
})
test('access.baseUrl with a slash', async () => {
  const server = serve({ authenticate: () => ({ tenant: 't' as never, baseUrl: 'https://t.example/scim/' }) })
  expect((await server.post('/Users', user('b'))).headers.Location).toBe('https://t.example/scim/Users/id-2')
})
test('add members.type on an empty group must not create a member without id', () => {
  const { members: _m, ...empty } = g
  expect(on(groupType, empty, { op: 'add', path: 'members.type', value: 'User' })).not.toHaveProperty('members')
})
test('X-Forwarded-Prefix with dot segments', async () => {
  expect((await serve({ trustProxy: true }).get('/Users', { 'x-forwarded-prefix': '/a/../../b' })).status).toBe(400)
})
test('sub attr names duplicated but for case in schema are refused', () => {
  expect(() =>
    compileResourceType({
      name: 'T',
      endpoint: '/T',
      schema: {
        id: 'urn:x',
        name: 'T',
        attributes: { c: { type: 'complex', subAttributes: { a: {}, A: { type: 'boolean' } } } },
      },
    }),
  ).toThrow(TypeError)
})
test('remove with filter and value', () => {
  expect(
    on(
      groupType,
      {
        ...g,
        members: [
          { value: 'a', type: 'User' },
          { value: 'b', type: 'User' },
        ],
      },
      { op: 'remove', path: 'members[type eq "User"]', value: [{ value: 'a' }] },
    ).members,
  ).toEqual([{ value: 'b', type: 'User' }])
})
test('required extension removal is mutability', () => {
  const type = compileResourceType({
    name: 'T',
    endpoint: '/T',
    schema: { id: 'urn:x', name: 'T', attributes: { a: {} } },
    extensions: [{ required: true, schema: { id: 'urn:e', name: 'E', attributes: { b: {} } } }],
  })
  expect(
    outcome(
      type,
      { schemas: ['urn:x', 'urn:e'], id: '1', 'urn:e': { b: 'B' } },
      message({ op: 'remove', path: 'urn:e' }),
      'lenient',
    ),
  ).toBe('mutability')
})
test('coalesced and NFC', () => {
  const before = { ...g, members: [{ value: 'e\u0301' }] }
  expect(on(groupType, before, { op: 'remove', path: 'members[value eq "\u00e9"]' })).toEqual(
    on(groupType, before, { op: 'remove', path: 'members[value eq "\u00e9" and value pr]' }),
  )
})
test('nested core URN container cannot hide another id', () => {
  expect(on(userType, u, { op: 'replace', value: { [core]: { id: 'zz' } } })).toBe('mutability')
})
test('replace that matches nothing, on readOnly parts', () => {
  expect(on(userType, u, { op: 'replace', path: 'emails[type eq "nope"].$ref', value: 'x' })).toEqual(u)
})

test('members kept as rows cannot be required: a PATCH that reads none of them would always fail', () => {
  const schema = {
    id: 'urn:x:G',
    name: 'G',
    attributes: { members: { type: 'complex', multiValued: true, required: true, subAttributes: { value: {} } } },
  } as const
  expect(() => compileResourceType({ name: 'G', endpoint: '/G', schema, keepsMembers: true })).toThrow(
    'cannot be required',
  )
})

test('a PATCH returns the tag of its own write, with any concurrent write before the names of members are looked up', async () => {
  const memory = memoryProvider()
  let rival: (() => Promise<unknown>) | undefined
  const provider: ResourceProvider = {
    ...memory,
    async read(ref, needs, context) {
      const isLookUp = typeof needs.members === 'object' && 'upTo' in needs.members
      const now = isLookUp ? rival : undefined
      rival = isLookUp ? undefined : rival
      await now?.()
      return memory.read(ref, needs, context)
    },
  }
  const server = serve({ provider })
  const { path } = await made(server, group('g'))
  let rivalsTag: string | undefined
  rival = async () => {
    const answer = await server.patch(path, [{ op: 'add', path: 'members', value: [{ value: 'b' }] }])
    rivalsTag = answer.headers.ETag
  }
  const { status, headers } = await server.patch(path, [{ op: 'add', path: 'members', value: [{ value: 'a' }] }])
  expect(rivalsTag).toMatch('W/"3-')
  expect({ status, tag: headers.ETag?.slice(0, 5) }).toEqual({ status: 204, tag: 'W/"2-' })
})

test('strict refuses a filter on an unknown attribute with 400 instead of returning no resources', async () => {
  const server = serve({ interop: 'strict' })
  const { status, json } = await server.get('/Users?filter=department%20eq%20%22D%22')
  expect({ status, scimType: json.scimType }).toEqual({ status: 400, scimType: 'invalidFilter' })
})

test.each<[string, JsonObject]>([
  ['in an extension', { path: enterprise, value: { department: 'a', Department: 'b' } }],
  ['in an extension, without path', { value: { [enterprise]: { department: 'a', DEPARTMENT: 'b' } } }],
  ['the same value', { path: enterprise, value: { department: 'a', Department: 'a' } }],
  [
    'in an extension and beside it',
    { value: { [enterprise]: { department: 'a' }, [`${enterprise}:department`]: 'b' } },
  ],
  ['in the core URN and beside it', { value: { [core]: { title: 'a' }, Title: 'b' } }],
])('PATCH: a duplicate attribute %s is 400 invalidValue, as in POST and PUT', (_, operation) => {
  for (const op of ['add', 'replace']) expect(on(userType, u, { op, ...operation })).toBe('invalidValue')
})
test('PATCH: two operations may set one attribute, and two attributes of one extension may be set in two ways', () => {
  const given = { [enterprise]: { department: 'a' }, [`${enterprise}:division`]: 'b' }
  const after = on(userType, u, { op: 'add', value: given })
  expect(after[enterprise]).toEqual({ manager: { value: 'm' }, department: 'a', division: 'b' })
  const operations = ['x', 'y'].map((Department) => ({ op: 'add', path: enterprise, value: { Department } }))
  const twice = outcome(userType, u, message(...operations), 'lenient') as JsonObject
  expect(twice[enterprise]).toEqual({ manager: { value: 'm' }, department: 'y' })
})
test('remove below a URN that is not registered is 400 where an older server stored data of it (ADR 20)', () => {
  const kept = { ...u, 'urn:example:old:1.0:User': { badge: 'B' } }
  for (const path of ['urn:example:old:1.0:User', 'urn:example:OLD:1.0:User:badge']) {
    expect(on(userType, kept, { op: 'remove', path })).toBe('invalidPath')
    expect(on(userType, u, { op: 'remove', path })).toEqual(u)
  }
})
