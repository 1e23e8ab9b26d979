/** A create that is repeated with its idempotency key. ADR 63. */
import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import { bearerToken, createScim, type RawVersion, ScimError, scimError, tenantId } from '../../../src/index.js'
import type { JsonObject } from '../../../src/json/value.js'
import type { CreationKey } from '../../../src/provider/creation-key.js'
import type { Next, ResourceProvider } from '../../../src/provider/provider.js'
import { groupUrn, type Server, serve, tenantsByToken, user } from '../../support/server.js'

const keyed = { 'Idempotency-Key': 'k-1' }
const day = 86_400_000

const group = (attributes: JsonObject = {}): JsonObject => ({
  schemas: [groupUrn],
  displayName: 'Guides',
  ...attributes,
})

/** The reference, and the keys and documents that were passed to it. */
function watched(): { readonly provider: ResourceProvider; readonly nexts: Next[]; readonly asked: CreationKey[] } {
  const memory = memoryProvider()
  const [nexts, asked]: [Next[], CreationKey[]] = [[], []]
  const provider: ResourceProvider = {
    ...memory,
    createdWith(key, context) {
      asked.push(key)
      return memory.createdWith?.(key, context)
    },
    insert(ref, next, context) {
      nexts.push(next)
      return memory.insert(ref, next, context)
    },
  }
  return { provider, nexts, asked }
}

async function total(server: Server, path = '/Groups'): Promise<unknown> {
  return (await server.get(`${path}?count=0`)).json.totalResults
}

describe('a repeated create', () => {
  test('emits no write event: nothing was written', async () => {
    const server = serve()
    await server.post('/Groups', group(), keyed)
    expect(server.writes()).toHaveLength(1)
    const again = await server.post('/Groups', group(), keyed)
    expect(again.status).toBe(201)
    expect(server.writes()).toHaveLength(1)
    expect(server.events.at(-1)).toMatchObject({ kind: 'request', status: 201 })
    expect(server.errors).toEqual([])
  })

  test('without a key, the provider is neither asked nor given one', async () => {
    const { provider, nexts, asked } = watched()
    const server = serve({ provider })
    await server.post('/Groups', group())
    expect(asked).toEqual([])
    expect(nexts.map((next) => 'creationKey' in next)).toEqual([false])
  })

  test('the key is kept when the members of the insert change', async () => {
    const { provider, nexts } = watched()
    const server = serve({ provider, unknownMembers: 'skip' })
    const body = group({ members: [{ value: 'absent' }] })
    const first = await server.post('/Groups', body, keyed)
    expect(nexts.map(({ creationKey }) => creationKey?.key)).toEqual(['k-1', 'k-1'])
    expect((await server.post('/Groups', body, keyed)).json.id).toBe(first.json.id)
    expect(await total(server)).toBe(1)
  })

  test('a request that another one has overtaken gets its resource, or 422 for another body', async () => {
    // The look-up is from before the other insert, as in another process.
    const memory = memoryProvider()
    const server = serve({ provider: { ...memory, createdWith: () => undefined } })
    const first = await server.post('/Groups', group(), keyed)
    const again = await server.post('/Groups', group(), keyed)
    expect([again.status, again.json.id]).toEqual([201, first.json.id])
    expect((await server.post('/Groups', group({ displayName: 'Other' }), keyed)).status).toBe(422)
    expect(await total(server)).toBe(1)
    expect(server.writes()).toHaveLength(1)
  })

  test('resolves an unknown outcome: the store has committed, and its answer was lost', async () => {
    const memory = memoryProvider()
    let lost = 1
    const insert: ResourceProvider['insert'] = async (ref, next, context) => {
      const result = await memory.insert(ref, next, context)
      lost -= 1
      if (lost < 0) return result
      throw scimError.unavailable('The connection to the store was lost during COMMIT.')
    }
    const server = serve({ provider: { ...memory, insert } })
    expect((await server.post('/Groups', group(), keyed)).status).toBe(503)
    expect((await server.post('/Groups', group(), keyed)).status).toBe(201)
    expect(await total(server)).toBe(1)
  })

  test.each([
    ['a day', {}, day],
    ['idempotencySeconds', { idempotencySeconds: 60 }, 60_000],
  ])('the key is valid for %s', async (_, options, milliseconds) => {
    const server = serve(options)
    const first = await server.post('/Groups', group(), keyed)
    server.pass(milliseconds)
    expect((await server.post('/Groups', group(), keyed)).json.id).toBe(first.json.id)
    server.pass(1)
    const later = await server.post('/Groups', group(), keyed)
    expect(later.status).toBe(201)
    expect(later.json.id).not.toBe(first.json.id)
    // The second record replaces the first one.
    expect((await server.post('/Groups', group(), keyed)).json.id).toBe(later.json.id)
  })

  test('keys belong to the tenant, and to the principal that the authenticator names', async () => {
    const authenticate = tenantsByToken({ a: { principal: 'p' }, b: { principal: 'p' } })
    const server = serve({ authenticate })
    const ids: unknown[] = []
    for (const name of ['a', 'b', 'a', 'b']) {
      ids.push((await server.post('/Groups', group(), { ...keyed, Authorization: `Bearer ${name}` })).json.id)
    }
    expect(new Set(ids).size).toBe(2)
    expect([ids[2], ids[3]]).toEqual([ids[0], ids[1]])
  })

  test('the digest is of the request without its password, wherever it is', async () => {
    const { provider, nexts } = watched()
    const server = serve({ provider, secrets: { write: () => undefined } })
    const urn = 'urn:ietf:params:scim:schemas:core:2.0:User'
    const spellings: readonly JsonObject[] = [
      {},
      { password: 'Correct-Horse-1' },
      { PASSWORD: 'Correct-Horse-2' },
      { [`${urn}:Password`]: 'Correct-Horse-3' },
      { [urn]: { password: 'Correct-Horse-4' } },
    ]
    const digests: unknown[] = []
    for (const [i, spelling] of spellings.entries()) {
      const body = { ...user('ada'), ...spelling }
      const answer = await server.post('/Users', body, { 'Idempotency-Key': `k${i}` })
      expect(answer.status).toBe(i === 0 ? 201 : 409)
      digests.push(nexts.at(-1)?.creationKey?.digest)
    }
    // The last one has an object more, without its password.
    expect(new Set(digests.slice(0, 4)).size).toBe(1)
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/)
    expect(JSON.stringify(nexts)).not.toContain('Horse')
  })

  test('long lists are part of the request, and hashed in portions', async () => {
    const server = serve()
    const members = Array.from({ length: 2_000 }, (_, i) => ({ value: `m${i}` }))
    const first = await server.post('/Groups', group({ members }), keyed)
    expect((await server.post('/Groups', group({ members }), keyed)).json.id).toBe(first.json.id)
    for (const changed of [
      members.slice(1),
      [...members, { value: 'more' }],
      members.map((member, i) => (i === 1_500 ? { value: 'other' } : member)),
      [...members].reverse(),
    ]) {
      expect((await server.post('/Groups', group({ members: changed }), keyed)).status).toBe(422)
    }
  })
})

describe('a password in a repeated create', () => {
  const body = (password: string): JsonObject => user('ada', { password })
  type Call = readonly [secret: string | undefined, version: RawVersion]

  function host(failures = 0): { readonly server: Server; readonly calls: Call[] } {
    const calls: Call[] = []
    let left = failures
    const server = serve({
      secrets: {
        write(_, secret, version) {
          calls.push([secret, version])
          left -= 1
          if (left >= 0) throw new Error('the host is away')
        },
      },
    })
    return { server, calls }
  }

  test('is passed to the host again, with the version of the first write: the first call may have failed', async () => {
    const { server, calls } = host(1)
    expect((await server.post('/Users', body('Correct-Horse-1'), keyed)).status).toBe(500)
    const again = await server.post('/Users', body('Correct-Horse-1'), keyed)
    expect(again.status).toBe(201)
    await server.patch(`/Users/${String(again.json.id)}`, [{ op: 'replace', path: 'title', value: 'New' }])
    expect((await server.post('/Users', body('Correct-Horse-1'), keyed)).json.title).toBe('New')
    expect(calls.map(([secret]) => secret)).toEqual(['Correct-Horse-1', 'Correct-Horse-1', 'Correct-Horse-1'])
    expect(new Set(calls.map(([, version]) => version)).size).toBe(1)
  })

  test('is 500 again if the host fails again, and not passed on for a removed user or another body', async () => {
    const { server, calls } = host(2)
    for (const _ of [1, 2]) expect((await server.post('/Users', body('Correct-Horse-1'), keyed)).status).toBe(500)
    expect((await server.post('/Users', { ...body('Correct-Horse-1'), title: 'x' }, keyed)).status).toBe(422)
    const { json } = await server.post('/Users', body('Correct-Horse-1'), keyed)
    await server.del(`/Users/${String(json.id)}`)
    const before = calls.length
    expect((await server.post('/Users', body('Correct-Horse-1'), keyed)).status).toBe(404)
    expect(calls).toHaveLength(before)
  })

  test('is not necessary: a repetition without it passes nothing to the host', async () => {
    const { server, calls } = host()
    await server.post('/Users', user('ada'), keyed)
    await server.post('/Users', user('ada'), keyed)
    expect(calls).toEqual([])
  })
})

describe('the details of refusals', () => {
  test('say what happened and what to do', async () => {
    const server = serve()
    const { json } = await server.post('/Groups', group(), keyed)
    const other = await server.post('/Groups', group({ displayName: 'Other' }), keyed)
    expect(other.json).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '422',
      detail:
        'This Idempotency-Key was used for a create with another body or resource type; nothing was created. Use a new key for each resource.',
    })
    await server.del(`/Groups/${String(json.id)}`)
    expect((await server.post('/Groups', group(), keyed)).json).toMatchObject({
      status: '404',
      detail:
        'The resource that was created with this Idempotency-Key has been removed; nothing was created. Use a new key to create another one.',
    })
    // None of them is a failure of the server.
    expect(server.errors).toEqual([])
  })
})

describe('perform', () => {
  const scim = createScim({ provider: memoryProvider() })
  const context = scim.context({ tenant: tenantId('t'), principal: 'job' })
  const create = (idempotencyKey: string) =>
    scim.perform({ kind: 'create', type: 'Group', body: group(), idempotencyKey }, context)

  test('takes a key, and the result of the repetition is the resource of the first one', async () => {
    const first = await create('once')
    const second = await create('once')
    if (first.kind !== 'created' || second.kind !== 'created') throw new Error('expected two creates')
    expect(second.value.ref).toEqual(first.value.ref)
    expect(second.value.resource).toEqual(first.value.resource)
  })

  test.each(['', ' ', 'a b', 'ä', 'k'.repeat(257), 'a\u007f'])('refuses the key %j', async (key) => {
    await expect(create(key)).rejects.toMatchObject({ status: 400, scimType: undefined })
  })
})

describe('a provider without idempotency keys', () => {
  const { supports: _, createdWith: __, ...without } = memoryProvider()

  test('with a provider function, the check is made for each request', async () => {
    const server = serve({ provider: (native: unknown) => (native === 'without' ? without : memoryProvider()) })
    const ask = (native: string) =>
      server.ask({ method: 'POST', target: '/scim/v2/Groups', body: group(), headers: keyed, native })
    expect((await ask('with')).status).toBe(201)
    expect((await ask('without')).status).toBe(501)
    expect(server.errors).toEqual([])
  })

  test('the body of a refused request is not read', async () => {
    const scim = createScim({ provider: without })
    let reads = 0
    const body = async (): Promise<JsonObject> => {
      reads += 1
      return group()
    }
    const context = scim.context({ tenant: tenantId('t') })
    const create = { kind: 'create', type: 'Group', body, idempotencyKey: 'k' } as const
    await expect(scim.perform(create, context)).rejects.toThrow(ScimError)
    expect(reads).toBe(0)
  })

  test('the option idempotencySeconds is refused', () => {
    const authenticate = bearerToken('a-token-of-32-characters-or-more-it-is')
    expect(() => createScim({ provider: without, authenticate, idempotencySeconds: 60 })).toThrow(
      new TypeError('options.idempotencySeconds: the provider does not store idempotency keys'),
    )
  })

  test('supports without createdWith is refused at the start', () => {
    expect(() => createScim({ provider: { ...without, supports: { idempotencyKeys: true } } })).toThrow(
      new TypeError('provider.createdWith: expected a function, because supports.idempotencyKeys is true'),
    )
  })
})

describe('a provider that returns another shape', () => {
  const form = '{ ref: { type, id }, version, digest }'

  test.each<readonly [unknown, string]>([
    [null, `null: expected undefined or ${form}`],
    [{ version: '1-a', digest: 'd' }, ': expected ref: { type, id }, two texts'],
    [{ ref: { type: 'Group', id: '1' }, digest: 'd' }, ': expected version: a text'],
    [{ ref: { type: 'Group', id: '1' }, version: '1-a' }, ': expected digest: the text that the insert was given'],
  ])('createdWith → %j is 500', async (value, reason) => {
    const provider = { ...memoryProvider(), createdWith: () => value } as ResourceProvider
    const server = serve({ provider })
    expect((await server.post('/Groups', group(), keyed)).status).toBe(500)
    expect(String(server.errors[0])).toContain(reason)
  })

  test('alreadyCreated without a record, or without a key, is 500', async () => {
    const broken = (result: unknown): Server =>
      serve({ provider: { ...memoryProvider(), insert: () => result } as ResourceProvider })
    const noRecord = broken({ kind: 'alreadyCreated' })
    expect((await noRecord.post('/Groups', group(), keyed)).status).toBe(500)
    expect(String(noRecord.errors[0])).toContain(`expected record: ${form}`)
    const record = { ref: { type: 'Group', id: '1' }, version: '1-a', digest: 'd' }
    const noKey = broken({ kind: 'alreadyCreated', record })
    expect((await noKey.post('/Groups', group())).status).toBe(500)
    expect(String(noKey.errors[0])).toContain('no idempotency key was passed to it')
  })
})

test.each([0, -1, 1.5, 31_536_001, Number.NaN, '60'])('idempotencySeconds: %p is refused', (idempotencySeconds) => {
  expect(() => serve({ idempotencySeconds: idempotencySeconds as number })).toThrow(
    new TypeError('options.idempotencySeconds: expected a whole number of seconds, 1 to 31,536,000'),
  )
})
