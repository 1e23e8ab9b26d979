/** Attribute masks in the answers of `authorize`: which are valid, and what they name. docs/adr/0065-rights-on-attributes.md. */
import { describe, expect, test } from '@jest/globals'
import { type Allowed, type AttributeMask, type Authorizer, allow, allowOnly } from '../../src/index.js'
import type { JsonObject } from '../../src/json/value.js'
import { counting } from '../bulk/support/bulk-requests.js'
import { core, enterprise, made, serve, user } from '../support/server.js'
import { noCalls } from './support/authorizers.js'

const onUsers =
  (rights: unknown): Authorizer =>
  ({ type }) =>
    type === 'User' ? (rights as Allowed) : allow

describe('errors of the host: 500, reported, and nothing is done', () => {
  test.each<readonly [string, unknown]>([
    ['anyOf of paths', { anyOf: ['title'] }],
    ['allOf of nothing that is a mask', { allOf: [null] }],
    ['a mistake within anyOf', { anyOf: [{ only: ['title'] }, { except: ['tittle'] }] }],
    ['only and except', { only: ['title'], except: ['roles'] }],
    ['neither', {}],
    ['another name', { only: ['title'], but: [] }],
    ['a list', ['title']],
    ['null', null],
    ['undefined: a mask that the host has not found', undefined],
    ['a text', 'title'],
    ['not a list of paths', { only: 'title' }],
    ['no text', { only: [1] }],
    ['an empty path', { except: [''] }],
    ['an unknown attribute', { only: ['tittle'] }],
    ['an unknown part', { only: ['name.first'] }],
    ['an attribute of an extension without its URN', { except: ['department'] }],
    ['an unknown extension', { except: ['urn:example:x'] }],
    ['the URN of the type itself', { only: [core] }],
    ['a value path', { except: ['emails[type eq "work"]'] }],
    ...['id', 'schemas', 'meta', 'meta.version', 'ID'].map((path) => [path, { except: [path] }] as const),
  ])('%s', async (_, mask) => {
    for (const rights of [
      { kind: 'allow', readable: mask },
      { kind: 'allow', writable: mask },
    ]) {
      const { provider, calls } = counting()
      const server = serve({ provider, authorize: onUsers(rights) })
      for (const answer of [
        await server.get('/Users/x'),
        await server.get('/Users'),
        await server.get('/'),
        await server.post('/Users', user('ada')),
        await server.put('/Users/x', user('ada')),
        await server.patch('/Users/x', []),
        await server.del('/Users/x'),
      ]) {
        expect(answer).toMatchObject({ status: 500 })
        expect(answer.text).toContain('nothing was done')
      }
      expect(server.errors).toHaveLength(7)
      expect(calls).toEqual(noCalls)
    }
  })

  test('the report names the place of the mistake', async () => {
    const server = serve({ authorize: onUsers(allowOnly({ writable: { only: ['title', 'rols'] } })) })
    await server.get('/Users')
    expect(String(server.errors[0])).toContain('options.authorize: writable.only[1]: "rols" is no attribute of User')
  })

  test('a part of a list cannot be writable by itself; it can be readable', async () => {
    const mask = { except: ['emails.primary'] }
    expect((await serve({ authorize: onUsers(allowOnly({ writable: mask })) }).get('/Users')).status).toBe(500)
    expect((await serve({ authorize: onUsers(allowOnly({ readable: mask })) }).get('/Users')).status).toBe(200)
  })

  test.each(['/Schemas', '/Me'])('a mask for an operation without a type: %s', async (path) => {
    const rights = allowOnly({ readable: { only: ['title'] } })
    const server = serve({ me: () => ({ type: 'User', id: 'x' }), authorize: () => rights })
    expect((await server.get(path)).status).toBe(500)
  })

  test('a result with masks and a detail, or a refusal with masks', async () => {
    for (const answer of [
      { kind: 'allow', readable: { only: [] }, detail: 'x' },
      { kind: 'allow', challenge: 'Bearer' },
      { kind: 'refuse', readable: { only: [] } },
      { kind: 'refuse', challenge: 'Bearer\r\nX: y' },
      { kind: 'refuse', challenge: '' },
    ]) {
      expect((await serve({ authorize: onUsers(answer) }).get('/Users')).status).toBe(500)
    }
  })
})

test('a challenge of a refusal is its WWW-Authenticate', async () => {
  const challenge = 'Bearer realm="SCIM", error="insufficient_scope", scope="scim"'
  const server = serve({ authorize: () => ({ kind: 'refuse', challenge }) })
  expect(await server.get('/Users')).toMatchObject({ status: 403, headers: { 'WWW-Authenticate': challenge } })
})

const full: JsonObject = {
  schemas: [core, enterprise],
  userName: 'ada',
  title: 'Countess',
  name: { givenName: 'Ada', familyName: 'King' },
  emails: [{ value: 'a@x', type: 'work', primary: true }],
  [enterprise]: { department: 'D', costCenter: 'C' },
}

describe('what a mask names', () => {
  test.each<readonly [AttributeMask, JsonObject]>([
    [{ only: [] }, { schemas: [core] }],
    [{ except: [] }, full],
    [{ only: ['userName', 'NAME.familyname'] }, { schemas: [core], userName: 'ada', name: { familyName: 'King' } }],
    [{ only: [`${core}:title`] }, { schemas: [core], title: 'Countess' }],
    [{ only: [enterprise] }, { schemas: [core, enterprise], [enterprise]: { department: 'D', costCenter: 'C' } }],
    [{ only: [`${enterprise}:costCenter`] }, { schemas: [core, enterprise], [enterprise]: { costCenter: 'C' } }],
    [{ only: [`${enterprise}:manager.value`] }, { schemas: [core] }],
    [{ anyOf: [] }, { schemas: [core] }],
    [{ allOf: [] }, full],
    [
      { anyOf: [{ except: ['name', 'title', 'emails', enterprise] }, { only: ['name.familyName'] }] },
      { schemas: [core], userName: 'ada', name: { familyName: 'King' } },
    ],
    [
      { allOf: [{ only: ['userName', 'title', 'name'] }, { except: ['title', 'name.givenName'] }] },
      { schemas: [core], userName: 'ada', name: { familyName: 'King' } },
    ],
    [{ only: ['emails.type'] }, { schemas: [core], emails: [{ type: 'work' }] }],
    [
      { except: [enterprise, 'name', 'emails.primary', 'title'] },
      { schemas: [core], userName: 'ada', emails: [{ value: 'a@x', type: 'work' }] },
    ],
    [
      { except: [`${enterprise}:department`, 'name.givenName', 'emails.value', 'emails.type', 'emails.primary'] },
      { ...full, name: { familyName: 'King' }, emails: undefined as never, [enterprise]: { costCenter: 'C' } },
    ],
  ])('readable %j', async (mask, expected) => {
    let rights: Allowed = allow
    const server = serve({ authorize: () => rights })
    const { path } = await made(server, full)
    rights = allowOnly({ readable: mask })
    const { id: _, meta, ...shown } = (await server.get(path)).json
    expect(shown).toEqual(JSON.parse(JSON.stringify(expected)))
    expect(meta).toMatchObject({ resourceType: 'User' })
    const list = (await server.get('/Users')).json.Resources as readonly JsonObject[]
    expect(list[0]).toMatchObject(shown)
  })

  test('a $ref contains the id, so it is hidden with it', async () => {
    let rights: Allowed = allow
    const server = serve({ authorize: () => rights })
    const boss = await made(server, user('boss'))
    const { path } = await made(server, user('ada', { [enterprise]: { manager: { value: boss.id } } }))
    const team = await made(server, {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: 'g',
      members: [{ value: boss.id }],
    })
    rights = allowOnly({ readable: { except: [`${enterprise}:manager.value`] } })
    expect((await server.get(path)).text).not.toContain(boss.id)
    rights = allowOnly({ readable: { except: ['members.value'] } })
    expect((await server.get(team.path)).text).not.toContain(boss.id)
    rights = allowOnly({ readable: { except: ['groups.value'] } })
    expect((await server.get(boss.path)).text).not.toContain(team.id)
  })

  test('a mask is compiled once for each type, by its object', async () => {
    let reads = 0
    const mask: AttributeMask = {
      get only() {
        reads++
        return ['userName']
      },
    }
    const server = serve({ authorize: onUsers({ kind: 'allow', readable: mask }) })
    for (let i = 0; i < 3; i++) await server.get('/Users')
    expect(reads).toBe(1)
  })
})

test('a search at the root: each type has its own mask', async () => {
  const users = allowOnly({ readable: { only: ['userName'] } })
  const groups = allowOnly({ readable: { except: ['members'] } })
  let isLimited = false
  const { provider } = counting()
  const needs: unknown[] = []
  const server = serve({
    provider: {
      ...provider,
      query: (type, query, context) => {
        needs.push([type, query.needs.members])
        return provider.query(type, query, context)
      },
    },
    authorize: ({ type }) => (!isLimited ? allow : type === 'User' ? users : groups),
  })
  const { id } = await made(server, full)
  await made(server, {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName: 'g',
    members: [{ value: id }],
  })
  isLimited = true
  const { json } = await server.get('/')
  expect(json.Resources).toEqual([
    { schemas: [core], id, userName: 'ada', meta: expect.anything() },
    { schemas: expect.anything(), id: expect.anything(), displayName: 'g', meta: expect.anything() },
  ])
  // Members that may not be read are not read from the store either.
  expect(needs).toEqual([
    ['User', 'none'],
    ['Group', 'none'],
  ])
  expect((await server.get('/?filter=title%20pr')).status).toBe(403)
  expect((await server.get('/?filter=members%20pr')).status).toBe(403)
  expect((await server.get('/?filter=displayName%20pr')).status).toBe(403)
  expect((await server.get('/Groups?filter=displayName%20pr')).json).toMatchObject({ totalResults: 1 })
})
