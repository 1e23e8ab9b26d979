/** Members whose id no resource has (IDP-35). */
import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import type { UnknownMembersPolicy } from '../../src/engine/unknown-members.js'
import { type Next, type ResourceProvider, unknownMembers } from '../../src/entry-points/provider.js'
import type { JsonObject, JsonValue } from '../../src/json/value.js'
import { type Answered, group, groupUrn, made, type Server, serve, user } from '../support/server.js'

const idsOf = ({ json }: Answered): readonly JsonValue[] =>
  ((json.members ?? []) as readonly JsonObject[]).map(({ value }) => value as JsonValue)
const adding = (...ids: readonly string[]): JsonObject => ({
  op: 'add',
  path: 'members',
  value: ids.map((value) => ({ value })),
})
const skippedOf = (server: Server): readonly number[] => server.writes().map(({ skippedMembers }) => skippedMembers)

/** Memory that records its writes. */
function noting(): { readonly provider: ResourceProvider; readonly nexts: Next[] } {
  const memory = memoryProvider()
  const nexts: Next[] = []
  return {
    nexts,
    provider: {
      ...memory,
      insert: (ref, next, context) => {
        nexts.push(next)
        return memory.insert(ref, next, context)
      },
      replace: (ref, expected, next, context) => {
        nexts.push(next)
        return memory.replace(ref, expected, next, context)
      },
    },
  }
}

describe('keep, the default', () => {
  test.each<Partial<{ unknownMembers: UnknownMembersPolicy }>>([{}, { unknownMembers: 'keep' }])(
    '%j: stored and shown; the resource need not exist',
    async (options) => {
      const { provider, nexts } = noting()
      const server = serve({ provider, ...options })
      const { path } = await made(server, group('G', ['x']))
      expect(idsOf(await server.patch(path, [adding('y')]))).toEqual(['x', 'y'])
      expect(idsOf(await server.put(path, group('G', ['y', 'z'])))).toEqual(['y', 'z'])
      expect(nexts.map(({ members }) => members?.mustExist)).toEqual([undefined, undefined, undefined])
      expect(skippedOf(server)).toEqual([0, 0, 0])
    },
  )
})

describe('skip', () => {
  const start = async () => {
    const noted = noting()
    const server = serve({ provider: noted.provider, unknownMembers: 'skip' })
    const [a, b] = [await made(server, user('a')), await made(server, user('b'))]
    return { server, a, b, nexts: noted.nexts }
  }

  test('POST: created without them', async () => {
    const { server, a } = await start()
    const answer = await server.post('/Groups', group('G', ['x', a.id, 'y']))
    expect(answer.status).toBe(201)
    expect(idsOf(answer)).toEqual([a.id])
    expect(idsOf(await server.get(`/Groups/${answer.json.id}`))).toEqual([a.id])
    expect(skippedOf(server)).toEqual([0, 0, 2])
    expect(server.writes().at(-1)?.attempts).toBe(1)
  })

  test('POST of nothing but unknown ones: an empty group', async () => {
    const { server } = await start()
    const answer = await server.post('/Groups', group('G', ['x']))
    expect(answer).toMatchObject({ status: 201, json: { displayName: 'G' } })
    expect(answer.json).not.toHaveProperty('members')
  })

  test('PUT: the others are as they were sent', async () => {
    const { server, a, b } = await start()
    const { path } = await made(server, group('G', [a.id]))
    const answer = await server.put(path, { ...group('New', ['x', b.id]) })
    expect(answer).toMatchObject({ status: 200, json: { displayName: 'New' } })
    expect(idsOf(answer)).toEqual([b.id])
    expect(idsOf(await server.get(path))).toEqual([b.id])
    expect(skippedOf(server).at(-1)).toBe(1)
  })

  test('PATCH: those that exist are added', async () => {
    const { server, a, b } = await start()
    const { path, tag } = await made(server, group('G', [a.id]))
    const answer = await server.patch(path, [adding('x', b.id), adding('y')])
    expect(idsOf(answer)).toEqual([a.id, b.id])
    expect(answer.headers.ETag).not.toBe(tag)
    expect(skippedOf(server).at(-1)).toBe(2)
    expect(idsOf(await server.patch(path, [{ op: 'replace', path: 'members', value: [{ value: 'z' }] }]))).toEqual([])
  })

  test('nothing left to change: same version, nothing written, and reported', async () => {
    const { server, a, nexts } = await start()
    const { path, tag } = await made(server, group('G', [a.id]))
    server.pass(60_000)
    const before = (await server.get(path)).text
    for (const answer of [await server.patch(path, [adding('x')]), await server.put(path, group('G', [a.id, 'x']))]) {
      expect(answer.headers.ETag).toBe(tag)
      expect(answer.text).toBe(before)
    }
    expect(server.writes().slice(-2)).toMatchObject([
      { before: tag, after: tag, skippedMembers: 1 },
      { before: tag, after: tag, skippedMembers: 1 },
    ])
    // Each was tried once, and refused by the store.
    expect(nexts.slice(3).map(({ members }) => members?.add.map(({ value }) => value))).toEqual([['x'], ['x']])
  })

  test('only added members are checked: a member whose user never existed stays', async () => {
    const provider = memoryProvider()
    const { path } = await made(serve({ provider }), group('G', ['pending']))
    const server = serve({ provider, unknownMembers: 'skip' })
    expect(idsOf(await server.put(path, group('New', ['pending', 'x'])))).toEqual(['pending'])
    expect(skippedOf(server)).toEqual([1])
  })

  test('a group may be a member of itself', async () => {
    const { server } = await start()
    const { path, id } = await made(server, group('G'))
    expect(idsOf(await server.patch(path, [adding(id)]))).toEqual([id])
  })

  test('a stale tag is still 412, and a name that another resource has 409', async () => {
    const { server, a } = await start()
    const { path, tag } = await made(server, group('G'))
    await server.patch(path, [adding(a.id)])
    expect((await server.patch(path, [adding('x')], { 'if-match': tag })).status).toBe(412)
    const unique = serve({ unknownMembers: 'skip', interop: { uniqueGroupDisplayName: true } })
    await made(unique, group('Taken'))
    const own = await made(unique, group('Own'))
    expect((await unique.post('/Groups', group('Taken', ['x']))).status).toBe(409)
    expect((await unique.put(own.path, group('Taken', ['x']))).status).toBe(409)
  })

  test('a user removed between the read and the write is skipped then', async () => {
    const memory = memoryProvider()
    let before = async (): Promise<unknown> => undefined
    const server = serve({
      unknownMembers: 'skip',
      provider: {
        ...memory,
        replace: async (...parameters) => {
          await before()
          return memory.replace(...parameters)
        },
      },
    })
    const [a, b] = [await made(server, user('a')), await made(server, user('b'))]
    const { path } = await made(server, group('G'))
    const gone = [a, b]
    before = async () => {
      const next = gone.shift()
      return next && server.del(next.path)
    }
    // The first try loses a, the second b.
    expect(idsOf(await server.patch(path, [adding(a.id, b.id)]))).toEqual([])
    expect(idsOf(await server.get(path))).toEqual([])
  })
})

describe('reject', () => {
  test('POST, PUT, PATCH: 400 invalidValue, and nothing of it is stored', async () => {
    const server = serve({ unknownMembers: 'reject' })
    const a = await made(server, user('a'))
    const { path, tag } = await made(server, group('G', [a.id]))
    const before = (await server.get(path)).text
    const told = server.writes().length
    for (const answer of [
      await server.post('/Groups', group('Other', [a.id, 'unknown-id'])),
      await server.put(path, { schemas: [groupUrn], displayName: 'New', members: [{ value: 'unknown-id' }] }),
      await server.patch(path, [{ op: 'replace', path: 'displayName', value: 'New' }, adding('unknown-id', 'second')]),
    ]) {
      expect(answer).toMatchObject({ status: 400, json: { scimType: 'invalidValue' } })
      expect(String(answer.json.detail)).toMatch(/^members has ids that name no resource \([12]\)/)
      expect(answer.text).not.toContain('unknown-id')
    }
    expect((await server.get(path)).text).toBe(before)
    expect((await server.get(path)).headers.ETag).toBe(tag)
    expect((await server.get('/Groups')).json.totalResults).toBe(1)
    expect(server.writes()).toHaveLength(told)
  })

  test('existing users and groups are added; removed ones may be taken out', async () => {
    const server = serve({ unknownMembers: 'reject' })
    const a = await made(server, user('a'))
    const inner = await made(server, group('Inner', [a.id]))
    const { path } = await made(server, group('G', [inner.id]))
    expect(idsOf(await server.patch(path, [adding(a.id)]))).toEqual([inner.id, a.id])
    expect((await server.patch(path, [{ op: 'remove', path: 'members[value eq "x"]' }])).status).toBe(200)
  })
})

describe('in either order of removing a user and adding it: no membership without a resource', () => {
  test.each<UnknownMembersPolicy>(['skip', 'reject'])('%s', async (unknownMembers) => {
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
    const ends = new Set<boolean>()
    for (const turns of [0, 1, 2, 3, 4]) {
      const memory = memoryProvider()
      const server = serve({
        unknownMembers,
        provider: {
          ...memory,
          read: async (...parameters) => {
            await turn()
            return memory.read(...parameters)
          },
        },
      })
      const a = await made(server, user(`a${turns}`))
      const { path, tag } = await made(server, group('G'))
      const added = server.patch(path, [adding(a.id)])
      for (let i = 0; i < turns; i++) await turn()
      const removed = await server.del(a.path)
      expect(removed.status).toBe(204)
      const answer = await added
      // 204: committed, and changed again by the removal before the response.
      expect([200, 204, 400]).toContain(answer.status)
      const after = await server.get(path)
      expect(idsOf(after)).toEqual([])
      const won = answer.status === 204 || idsOf(answer).length > 0
      if (won) expect([tag, answer.headers.ETag]).not.toContain(after.headers.ETag)
      else expect(after.headers.ETag).toBe(tag)
      ends.add(won)
    }
    expect(ends.size).toBe(2)
  })
})

describe('a provider that returns this without a reason', () => {
  test.each<[string, readonly string[]]>([
    ['no id', []],
    ['an id that is not to be added', ['other']],
  ])('%s: 500, without a retry', async (_, ids) => {
    for (const policy of ['keep', 'skip', 'reject'] as const) {
      const memory = memoryProvider()
      let calls = 0
      const refuse = () => {
        calls++
        return unknownMembers(ids)
      }
      const server = serve({ unknownMembers: policy, provider: { ...memory, insert: refuse } })
      expect((await server.post('/Groups', group('G', ['x']))).status).toBe(500)
      const { path } = await made(serve({ provider: memory }), group('G'))
      const replacing = serve({ unknownMembers: policy, provider: { ...memory, replace: refuse } })
      expect((await replacing.patch(path, [adding('x')])).status).toBe(500)
      expect(calls).toBe(2)
    }
  })

  test('a removal that ends like this is 503', async () => {
    const memory = memoryProvider()
    const server = serve({ provider: { ...memory, remove: () => unknownMembers(['x']) } })
    const { path } = await made(server, user('a'))
    expect((await server.del(path)).status).toBe(503)
  })
})

test('a policy that does not exist is a TypeError at start', () => {
  const options = { unknownMembers: 'ignore' } as unknown as { unknownMembers: UnknownMembersPolicy }
  expect(() => serve(options)).toThrow(new TypeError('options.unknownMembers: expected one of keep, skip, reject'))
})
