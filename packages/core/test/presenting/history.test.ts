/** The changes that a 412 reports, where the provider keeps a history. ADR 32. */
import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import { defineSchema, ifVersion, rawVersion, tenantId, userType } from '../../src/index.js'
import type { JsonObject, JsonValue } from '../../src/json/value.js'
import type { Next, ResourceProvider } from '../../src/provider/provider.js'
import {
  type Answered,
  core,
  enterprise,
  group,
  made,
  mismatchUrn,
  patchOp,
  type Server,
  serve,
  user,
} from '../support/server.js'

const remembering = (history = 20): Server => serve({ provider: memoryProvider({ history }) })
const told = ({ json }: Answered): JsonObject => json[mismatchUrn] as JsonObject
/** Expects this version, and requests the conflict in the body of a 412. */
const held = (tag: string) => ({ 'If-Match': tag, Prefer: 'conflict-details' })
const set = (path: string, value: JsonValue): JsonValue => ({ op: 'replace', path, value })

/** A provider that records the arguments of a replace. */
function watching(inner: ResourceProvider): { readonly provider: ResourceProvider; readonly nexts: Next[] } {
  const nexts: Next[] = []
  return {
    nexts,
    provider: {
      ...inner,
      replace(ref, expected, next, context) {
        nexts.push(next)
        return inner.replace(ref, expected, next, context)
      },
    },
  }
}

describe('names', () => {
  test('of attributes, of extensions by their URN, of a password, of members; the detail has them too', async () => {
    const secrets = { write: () => undefined }
    const server = serve({ provider: memoryProvider({ history: 20 }), secrets })
    const { path, tag } = await made(server, user('bjensen'))
    await server.patch(path, [set('name.familyName', 'B'), set(`${enterprise}:manager`, { value: 'boss' })])
    await server.patch(path, [set('password', 'Correct-Horse-1')])
    const refused = await server.patch(path, [set('title', 'mine')], held(tag))
    expect(refused.status).toBe(412)
    expect(told(refused)).toEqual({
      current: refused.headers.ETag,
      expected: [tag],
      changed: ['name', 'password', `${enterprise}:manager`],
    })
    expect(refused.json.detail).toContain(`, changed since: name, password, ${enterprise}:manager. Nothing was changed`)
    expect(refused.text).not.toContain('Horse')
  })

  test('more than five are counted in the detail, and listed in full beside it', async () => {
    const server = remembering()
    const { path, tag } = await made(server, user('bjensen'))
    const names = ['displayName', 'locale', 'nickName', 'preferredLanguage', 'timezone', 'title', 'userType']
    await server.patch(
      path,
      names.map((name) => set(name, 'en')),
    )
    const refused = await server.del(path, held(tag))
    expect(told(refused).changed).toEqual(names)
    expect(refused.json.detail).toContain('displayName, locale, nickName, preferredLanguage, timezone and 2 more')
  })

  test('of a write that changes members and the document', async () => {
    const server = remembering()
    const { path, tag } = await made(server, group('g'))
    await server.patch(path, [set('displayName', 'h'), { op: 'add', path: 'members', value: [{ value: 'x' }] }])
    expect(told(await server.del(path, held(tag))).changed).toEqual(['displayName', 'members'])
  })

  test('a very large number is not reported', async () => {
    const attributes = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`a${i}`, { type: 'string' as const }]))
    const many = defineSchema({ id: 'urn:example:many', name: 'Many', attributes })
    const server = serve({
      provider: memoryProvider({ history: 20 }),
      resourceTypes: [{ ...userType, extensions: [{ schema: many, required: false }] }],
    })
    const { path, tag } = await made(server, user('bjensen'))
    const write = (count: number): Promise<Answered> =>
      server.patch(path, [
        set(
          'urn:example:many',
          Object.fromEntries(
            Object.keys(attributes)
              .slice(0, count)
              .map((n) => [n, 'x']),
          ),
        ),
      ])
    await write(50)
    expect(told(await server.del(path, held(tag))).changed).toHaveLength(50)
    await write(51)
    const refused = await server.del(path, held(tag))
    expect([refused.status, told(refused).changed]).toEqual([412, undefined])
  })
})

describe('where it is reported', () => {
  test('by the outcome, without HTTP', async () => {
    const server = remembering()
    const { path } = await made(server, user('bjensen'))
    await server.patch(path, [set('title', 'A')])
    const context = server.scim.context({ tenant: tenantId('default') })
    const ref = { type: 'User', id: path.split('/')[2] ?? '' }
    const first = (await server.scim.perform({ kind: 'get', ref }, context)) as { value: { version: string } }
    await server.patch(path, [set('nickName', 'N')])
    const precondition = ifVersion(rawVersion(first.value.version))
    expect(await server.scim.perform({ kind: 'remove', ref, precondition }, context)).toMatchObject({
      kind: 'versionMismatch',
      expected: precondition,
      changed: ['nickName'],
    })
  })

  test('by a GET with If-Match', async () => {
    const server = remembering()
    const { path, tag } = await made(server, user('bjensen'))
    await server.patch(path, [set('title', 'A')])
    const refused = await server.get(path, held(tag))
    expect([refused.status, told(refused).changed]).toEqual([412, ['title']])
  })

  test('in the detail, for people, also where no client requests it by program', async () => {
    const server = remembering()
    const { path, tag } = await made(server, user('bjensen'))
    await server.patch(path, [set('title', 'A')])
    const refused = await server.del(path, { 'If-Match': tag })
    expect(Object.keys(refused.json)).toEqual(['schemas', 'detail', 'status'])
    expect(refused.json.detail).toContain(', changed since: title.')
    expect(refused.headers).not.toHaveProperty('Preference-Applied')
  })

  test('when a concurrent writer commits between the read and the write', async () => {
    const inner = memoryProvider({ history: 20 })
    let rival: (() => Promise<unknown>) | undefined
    const provider: ResourceProvider = {
      ...inner,
      async replace(ref, expected, next, context) {
        const first = rival
        rival = undefined
        await first?.()
        return inner.replace(ref, expected, next, context)
      },
    }
    const server = serve({ provider })
    const { path, tag } = await made(server, user('bjensen'))
    rival = () => server.patch(path, [set('nickName', 'rival')])
    const refused = await server.patch(path, [set('title', 'mine')], held(tag))
    expect([refused.status, told(refused).changed]).toEqual([412, ['nickName']])
  })

  test('not by If-None-Match: the client has expected no version', async () => {
    const server = remembering()
    const { path, tag } = await made(server, user('bjensen'))
    await server.patch(path, [set('title', 'A')])
    const { headers } = await server.get(path)
    const refused = await server.del(path, {
      ...held(`${tag}, ${headers.ETag}`),
      'If-None-Match': headers.ETag ?? '',
    })
    expect([refused.status, told(refused)]).toEqual([412, { current: headers.ETag }])
  })
})

describe('an expected version goes back as a tag or not at all', () => {
  test.each([
    ['"<script>"', []],
    ['W/"x y"', undefined],
    ['"nobody\'s"', []],
    [`"${'x'.repeat(81)}"`, []],
    ['"strong"', ['W/"strong"']],
  ])('%s', async (sent, expected) => {
    const server = serve()
    const { path } = await made(server, user('bjensen'))
    const refused = await server.del(path, held(sent))
    expect([refused.status, told(refused)?.expected]).toEqual([expected === undefined ? 400 : 412, expected])
    if (expected?.length === 0) expect(refused.text).not.toContain(sent.slice(1, -1))
  })
})

describe('an unavailable history', () => {
  test('costs the names, not the 412, and is reported to onError', async () => {
    const history = (): never => {
      throw new Error('no history today')
    }
    const server = serve({ provider: { ...memoryProvider(), history } })
    const { path, tag } = await made(server, user('bjensen'))
    await server.patch(path, [set('title', 'A')])
    const refused = await server.patch(path, [set('title', 'B')], held(tag))
    expect([refused.status, told(refused)]).toEqual([412, { current: refused.headers.ETag, expected: [tag] }])
    expect(server.errors).toEqual([new Error('no history today')])
  })

  test('without one changes are not computed', async () => {
    for (const [provider, changed] of [
      [memoryProvider(), undefined],
      [memoryProvider({ history: 1 }), ['title']],
    ] as const) {
      const watched = watching(provider)
      const server = serve({ provider: watched.provider })
      const { path } = await made(server, user('bjensen'))
      await server.patch(path, [set('title', 'A')])
      expect(watched.nexts.map((next) => next.changed)).toEqual([changed])
    }
  })

  test('is read once for a 412, and for nothing else', async () => {
    const inner = memoryProvider({ history: 20 })
    let asked = 0
    const provider: ResourceProvider = {
      ...inner,
      history(ref, context) {
        asked += 1
        return inner.history?.(ref, context) ?? []
      },
    }
    const server = serve({ provider })
    const { path, tag } = await made(server, user('bjensen'))
    await server.put(path, user('bjensen', { title: 'A' }))
    await server.get(path)
    await server.post('/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [{ method: 'PATCH', path, data: { schemas: [patchOp], Operations: [set('title', 'B')] } }],
    })
    expect(asked).toBe(0)
    expect(told(await server.put(path, { schemas: [core], userName: 'b' }, held(tag))).changed).toEqual(['title'])
    expect(asked).toBe(1)
  })
})
