/** Attributes that a caller may not change, in every kind of write. docs/adr/0065-rights-on-attributes.md. */
import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import {
  type Allowed,
  type AttributeRights,
  allow,
  allowOnly,
  defineSchema,
  type ScimOptions,
  userType,
} from '../../src/index.js'
import type { JsonObject, JsonValue } from '../../src/json/value.js'
import { bulk, create } from '../bulk/support/bulk-requests.js'
import { core, enterprise, group, groupUrn, made, type Server, serve, user } from '../support/server.js'

/** A server whose callers have no limits until `limit` is called. */
function limited(options: Partial<ScimOptions> = {}): { server: Server; limit(rights?: AttributeRights): void } {
  let rights: Allowed = allow
  const server = serve({ authorize: ({ type }) => (type === undefined ? allow : rights), ...options })
  return {
    server,
    limit: (given) => {
      rights = given === undefined ? allow : allowOnly(given)
    },
  }
}

const full: JsonObject = {
  schemas: [core, enterprise],
  userName: 'ada',
  title: 'Countess',
  active: true,
  name: { givenName: 'Ada', familyName: 'King' },
  roles: [{ value: 'admin' }],
  emails: [
    { value: 'a@x', type: 'work', display: 'A', primary: true },
    { value: 'b@x', type: 'home', display: 'B' },
  ],
  [enterprise]: { department: 'D', costCenter: 'C', manager: { value: 'm' } },
}

async function stateOf(server: Server, path: string): Promise<JsonObject> {
  const { meta: __, ...state } = (await server.get(path)).json
  return state
}

const writable = { except: ['roles', 'active', 'name.familyName', `${enterprise}:department`] }

describe('create', () => {
  test.each<readonly [string, JsonObject, string]>([
    ['a list', { roles: [{ value: 'admin' }] }, 'roles'],
    ['false is a value', { active: false }, 'active'],
    ['a part', { name: { familyName: 'K' } }, 'name.familyName'],
    ['a dotted part', { 'name.familyName': 'K' }, 'name.familyName'],
    ['an extension', { [enterprise]: { department: 'D' } }, `${enterprise}:department`],
    ['a full path', { [`${enterprise}:department`]: 'D' }, `${enterprise}:department`],
    ['the own URN', { [core]: { roles: ['x'] } }, 'roles'],
    ['another letter case', { ROLES: ['x'] }, 'roles'],
  ])('%s: 403, and nothing is created', async (_name, given, named) => {
    const { server, limit } = limited()
    limit({ writable })
    const { status, json } = await server.post('/Users', user('ada', given))
    expect([status, json.detail]).toEqual([
      403,
      `The attribute "${named}" may not be changed by this caller; nothing was changed.`,
    ])
    expect((await server.get('/Users')).json.totalResults).toBe(0)
    expect((await bulk(server, [create('a', user('ada', given))])).statuses).toEqual(['403'])
  })

  test('null, [] and the other parts are no value', async () => {
    const { server, limit } = limited()
    limit({ writable })
    const given = { roles: [], active: null, name: { givenName: 'A', familyName: null }, groups: [{ value: 'x' }] }
    expect((await server.post('/Users', user('ada', given))).status).toBe(201)
  })

  test('members, and a password', async () => {
    const { server, limit } = limited({ secrets: { write: () => undefined } })
    limit({ writable: { except: ['password'] } })
    expect((await server.post('/Users', user('ada', { password: 'p' }))).status).toBe(403)
    limit({ writable: { only: ['displayName'] } })
    expect((await server.post('/Groups', group('g', ['x']))).status).toBe(403)
    expect((await server.post('/Groups', group('g'))).status).toBe(201)
  })

  test('POSTs that refer to each other are refused before any is carried out', async () => {
    const { server, limit } = limited()
    limit({ writable: { only: ['displayName'] } })
    const { statuses } = await bulk(server, [
      create('a', group('a', ['bulkId:b'])),
      create('b', group('b', ['bulkId:a'])),
    ])
    expect(statuses).toEqual(['403', '403'])
    expect((await server.get('/Groups')).json.totalResults).toBe(0)
    limit({ readable: { except: ['members'] } })
    const done = await bulk(server, [create('a', group('a', ['bulkId:b'])), create('b', group('b', ['bulkId:a']))])
    expect(done.statuses).toEqual(['201', '201'])
  })
})

describe('PATCH and PUT of attributes that may be read and not be changed', () => {
  const place = async (options: Partial<ScimOptions> = {}) => {
    const { server, limit } = limited(options)
    const { path } = await made(server, full)
    const before = await stateOf(server, path)
    limit({ writable })
    return { server, limit, path, before }
  }

  test.each<readonly [string, readonly JsonValue[]]>([
    ['replace', [{ op: 'replace', path: 'roles', value: [{ value: 'x' }] }]],
    ['add', [{ op: 'add', path: 'roles', value: [{ value: 'x' }] }]],
    ['remove', [{ op: 'remove', path: 'roles' }]],
    ['by filter', [{ op: 'remove', path: 'roles[value eq "admin"]' }]],
    ['a part by filter', [{ op: 'replace', path: 'roles[value eq "admin"].display', value: 'x' }]],
    ['without a path', [{ op: 'replace', value: { active: false } }]],
    ['in the own URN', [{ op: 'replace', value: { [core]: { active: false } } }]],
    ['a part', [{ op: 'replace', path: 'name.familyName', value: 'x' }]],
    ['the whole of a part', [{ op: 'remove', path: 'name' }]],
    ['an extension', [{ op: 'remove', path: enterprise }]],
    ['in an extension', [{ op: 'add', path: enterprise, value: { department: 'x' } }]],
    ['beside a permitted change', [{ op: 'replace', value: { title: 'x', active: false } }]],
  ])('PATCH %s: 403, and nothing is changed', async (_name, operations) => {
    const { server, path, before } = await place()
    const { status, json } = await server.patch(path, operations)
    expect([status, json.scimType, json.schemas]).toEqual([
      403,
      undefined,
      ['urn:ietf:params:scim:api:messages:2.0:Error'],
    ])
    expect(String(json.detail)).toContain('may not be changed by this caller')
    expect(await stateOf(server, path)).toEqual(before)
  })

  test('a PATCH that changes nothing, and one of other attributes', async () => {
    const { server, path } = await place()
    for (const operations of [
      [{ op: 'replace', path: 'roles', value: [{ value: 'admin' }] }],
      [{ op: 'add', value: { active: true, [enterprise]: { department: 'D', costCenter: 'new' } } }],
      [{ op: 'replace', path: 'name.givenName', value: 'New' }],
      [
        { op: 'add', path: 'roles', value: [{ value: 'x' }] },
        { op: 'remove', path: 'roles[value eq "x"]' },
      ],
    ]) {
      expect((await server.patch(path, operations)).status).toBe(200)
    }
  })

  test('PUT: what the body does not name stays, an equal value is no change, another is 403', async () => {
    const { server, path, before } = await place()
    const stays = await server.put(path, user('ada', { title: 'New' }))
    expect(stays.status).toBe(200)
    const { emails: _e, title: _t, ...kept } = before
    expect(await stateOf(server, path)).toEqual({
      ...kept,
      title: 'New',
      name: { familyName: 'King' },
      [enterprise]: { department: 'D' },
    })
    expect((await server.put(path, { ...full, title: 'Again' })).status).toBe(200)
    for (const given of [
      { roles: [] },
      { roles: null },
      { active: null },
      { active: false },
      { name: { familyName: 'x' } },
      { [enterprise]: { department: 'x' } },
    ]) {
      const { status } = await server.put(path, { ...full, ...given })
      expect([given, status]).toEqual([given, 403])
    }
    expect(await stateOf(server, path)).toEqual({ ...before, title: 'Again' })
  })

  test('the check comes before the hook, and on every attempt against the state of that attempt', async () => {
    const hooked: string[] = []
    const { server, path } = await place({ hooks: { User: { before: ({ changed }) => void hooked.push(...changed) } } })
    hooked.length = 0
    expect((await server.patch(path, [{ op: 'replace', path: 'active', value: false }])).status).toBe(403)
    expect(hooked).toEqual([])
  })

  test('a concurrent change of such an attribute by another caller is neither lost nor refused', async () => {
    const memory = memoryProvider()
    let interfere: (() => Promise<unknown>) | undefined
    const { server, path, limit } = await place({
      provider: {
        ...memory,
        replace: async (...write) => {
          const first = interfere
          interfere = undefined
          await first?.()
          return memory.replace(...write)
        },
      },
    })
    interfere = async () => {
      limit()
      await server.patch(path, [{ op: 'replace', path: 'active', value: false }])
      limit({ writable })
    }
    expect((await server.put(path, user('ada', { title: 'New' }))).status).toBe(200)
    expect(await stateOf(server, path)).toMatchObject({ active: false, title: 'New', roles: [{ value: 'admin' }] })
  })

  test('a password', async () => {
    const secrets: unknown[] = []
    const { server, path, limit } = await place({ secrets: { write: (_ref, value) => void secrets.push(value) } })
    limit({ writable: { only: ['title'] } })
    for (const operations of [
      [{ op: 'replace', path: 'password', value: 'p' }],
      [{ op: 'add', value: { title: 'x', password: 'p' } }],
    ]) {
      expect((await server.patch(path, operations)).status).toBe(403)
    }
    expect((await server.put(path, { ...full, password: 'p' })).status).toBe(403)
    expect(secrets).toEqual([])
    expect((await server.patch(path, [{ op: 'replace', path: 'title', value: 'x' }])).status).toBe(200)
  })
})

describe('members', () => {
  const place = async () => {
    const { server, limit } = limited()
    const { id } = await made(server, user('ada'))
    const other = await made(server, user('bea'))
    const { path } = await made(server, group('g', [id]))
    return { server, limit, path, id, other: other.id }
  }
  const shown = async (server: Server, path: string) => (await server.get(path)).json.members

  test('that may not be changed: 403 for a change, in every form', async () => {
    const { server, limit, path, id, other } = await place()
    limit({ writable: { except: ['members'] } })
    for (const operation of [
      { op: 'add', path: 'members', value: [{ value: other }] },
      { op: 'remove', path: 'members' },
      { op: 'remove', path: `members[value eq "${id}"]` },
      { op: 'remove', path: 'members', value: [{ value: id }] },
      { op: 'replace', value: { members: [] } },
    ]) {
      expect([operation, (await server.patch(path, [operation])).status]).toEqual([operation, 403])
    }
    expect((await server.put(path, group('g', [other]))).status).toBe(403)
    expect((await server.put(path, group('g', [id]))).status).toBe(200)
    expect((await server.patch(path, [{ op: 'add', path: 'members', value: [{ value: id }] }])).status).toBe(200)
    const renamed = await server.put(path, { schemas: [groupUrn], displayName: 'new' })
    expect(renamed.json).toMatchObject({ displayName: 'new', members: [{ value: id }] })
    expect(await shown(server, path)).toHaveLength(1)
  })

  test('that may not be read stay in a PUT that does not name them, and may be set', async () => {
    const { server, limit, path, id, other } = await place()
    limit({ readable: { except: ['members'] } })
    const renamed = await server.put(path, { schemas: [groupUrn], displayName: 'new' })
    expect(renamed.json).toMatchObject({ displayName: 'new' })
    expect(renamed.json.members).toBeUndefined()
    expect((await server.patch(path, [{ op: 'add', path: 'members', value: [{ value: other }] }])).status).toBe(200)
    limit()
    expect(await shown(server, path)).toEqual([
      expect.objectContaining({ value: id }),
      expect.objectContaining({ value: other }),
    ])
    limit({ readable: { except: ['members'] } })
    expect((await server.put(path, group('new', [other]))).status).toBe(200)
    limit()
    expect(await shown(server, path)).toEqual([expect.objectContaining({ value: other })])
  })

  test('that may be neither read nor changed: naming them is 403 whatever they are', async () => {
    const { server, limit, path, id, other } = await place()
    limit({ readable: { except: ['members'] }, writable: { except: ['members'] } })
    for (const member of [id, other, 'nobody']) {
      for (const operation of [
        { op: 'add', path: 'members', value: [{ value: member }] },
        { op: 'replace', value: { members: [{ value: member }] } },
      ]) {
        expect((await server.patch(path, [operation])).status).toBe(403)
      }
      expect((await server.patch(path, [{ op: 'remove', path: `members[value eq "${member}"]` }])).json).toMatchObject({
        status: '403',
        scimType: 'sensitive',
      })
      expect((await server.put(path, group('g', [member]))).status).toBe(403)
    }
  })
})

describe('attributes that may be changed and not be read', () => {
  const place = async () => {
    const { server, limit } = limited()
    const { path } = await made(server, full)
    const before = await stateOf(server, path)
    limit({
      readable: {
        except: ['roles', 'name.familyName', 'emails.display', 'emails.primary', `${enterprise}:department`],
      },
    })
    return { server, limit, path, before }
  }

  test('PUT of what GET shows changes nothing', async () => {
    const { server, limit, path, before } = await place()
    const { json, headers } = await server.get(path)
    const answer = await server.put(path, json)
    expect([answer.status, answer.headers.ETag]).toEqual([200, headers.ETag])
    limit()
    expect(await stateOf(server, path)).toEqual(before)
  })

  test('PUT keeps what it does not name, and sets what it names', async () => {
    const { server, limit, path, before } = await place()
    await server.put(path, user('ada', { emails: [{ value: 'b@x', type: 'home' }, { value: 'c@x' }], roles: ['new'] }))
    limit()
    expect(await stateOf(server, path)).toEqual({
      schemas: [core, enterprise],
      id: before.id,
      userName: 'ada',
      roles: [{ value: 'new' }],
      name: { familyName: 'King' },
      emails: [{ value: 'b@x', type: 'home', display: 'B' }, { value: 'c@x' }],
      [enterprise]: { department: 'D' },
    })
    limit({ readable: { except: ['roles'] } })
    await server.put(path, user('ada', { roles: null }))
    limit()
    expect(await stateOf(server, path)).toEqual({ schemas: [core], id: before.id, userName: 'ada' })
  })

  test('an immutable one that is set is refused whatever the value', async () => {
    const badge = defineSchema({
      id: 'urn:example:badge',
      name: 'Badge',
      attributes: { number: { type: 'string', mutability: 'immutable' } },
    })
    const { server, limit } = limited({
      resourceTypes: [{ ...userType, extensions: [{ schema: badge, required: false }] }],
    })
    const { path } = await made(server, user('ada', { 'urn:example:badge': { number: '1' } }))
    limit({ readable: { except: ['urn:example:badge:number'] } })
    for (const number of ['1', '2']) {
      const given = user('ada', { 'urn:example:badge': { number } })
      expect((await server.put(path, given)).status).toBe(403)
      expect((await server.patch(path, [{ op: 'add', path: 'urn:example:badge:number', value: number }])).status).toBe(
        403,
      )
    }
    expect((await server.put(path, user('ada', { title: 'x' }))).status).toBe(200)
  })
})

describe('a create that replaces (onDuplicate)', () => {
  const place = async (rights: (kind: string) => Allowed) => {
    let isLimited = false
    const server = serve({
      authorize: ({ kind }) => (isLimited ? rights(kind) : allow),
      onDuplicate: { User: 'reactivate' },
    })
    const { path } = await made(server, user('ada', { active: false, title: 'Old', roles: [{ value: 'admin' }] }))
    isLimited = true
    return { server, path, open: () => (isLimited = false) }
  }
  const mask = { except: ['roles'] }

  test.each([
    ['create', 'replace'],
    ['replace', 'create'],
  ])('the rights of %s apply', async (limitedKind) => {
    const { server, path, open } = await place((kind) =>
      kind === limitedKind ? allowOnly({ readable: mask, writable: mask }) : allow,
    )
    const answer = await server.post('/Users', user('ada', { active: true }))
    expect(answer).toMatchObject({ status: 201, json: { active: true } })
    expect(answer.json.roles).toBeUndefined()
    expect(answer.headers.ETag).toContain('-0000000000000000-')
    const refused = await server.post('/Users', user('ada', { active: true, roles: [{ value: 'admin' }] }))
    expect(refused.status).toBe(limitedKind === 'create' ? 403 : 409)
    open()
    expect((await server.get(path)).json).toMatchObject({ roles: [{ value: 'admin' }], active: true })
  })
})

test('the replay of an idempotency key shows what the caller may read, and is refused as a create is', async () => {
  const { server, limit } = limited({ provider: memoryProvider() })
  const headers = { 'Idempotency-Key': 'k' }
  const body = user('ada', { title: 'x', roles: [{ value: 'admin' }] })
  await server.post('/Users', body, headers)
  limit({ readable: { only: ['userName'] } })
  const { status, json } = await server.post('/Users', body, headers)
  expect([status, Object.keys(json)]).toEqual([201, ['schemas', 'id', 'userName', 'meta']])
  limit({ writable: { except: ['roles'] } })
  expect((await server.post('/Users', body, headers)).status).toBe(403)
})
