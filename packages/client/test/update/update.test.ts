/** `update()` with concurrent writers and servers that request a delay. */
import { describe, expect, test } from '@jest/globals'
import {
  createClient,
  type Group,
  type UpdateOptions,
  type UpdateRetry,
  type User,
  unwrapUpdate,
} from '@scimkit/client'
import { userType } from '@scimkit/core'
import { answer, base, dropAfter, faulty, instantPorts, server } from '../support/server.js'
import { after, increment, stage } from '../support/stage.js'

test('reads, applies the change, and writes the difference with the version that was read', async () => {
  const { scim, user, requests } = await stage()
  const result = await scim.users.update(user.id, increment)
  expect(result).toMatchObject({ kind: 'success', written: true, attempts: 1, conflicts: [], waited: 0 })
  expect(unwrapUpdate(result)).toMatchObject({ nickName: '1' })
  const patch = requests.at(-1)
  expect([patch?.method, patch?.headers.get('if-match')]).toEqual(['PATCH', user.meta?.version])
  expect(await patch?.json()).toMatchObject({ Operations: [{ op: 'replace', path: 'nickName', value: '1' }] })
})

test('writes nothing for a change that changes nothing', async () => {
  const { scim, user, requests } = await stage()
  for (const change of [(it: User) => it, (it: User) => ({ ...it }), (it: User) => ({ ...it, active: undefined })]) {
    expect(await scim.users.update(user.id, change)).toMatchObject({ kind: 'success', written: false })
  }
  expect(requests.every(({ method }) => method === 'GET')).toBe(true)
})

test('after a concurrent write it reads again, and both changes are kept', async () => {
  const { scim, other, user, faults, pauses, now } = await stage()
  faults.push(after(other, user, 'title', 'b'), after(other, user, 'title', 'c'))
  const result = await scim.users.update(user, increment)
  expect(result).toMatchObject({ kind: 'success', attempts: 3, waited: 10 + 20 })
  expect(result.conflicts).toHaveLength(2)
  expect(result.conflicts[0]).toEqual({ expected: user.meta?.version, current: result.conflicts[1]?.expected })
  // Half of 20 and of 40, because `random` returns 0.5.
  expect(pauses).toEqual([10, 20])
  expect(await now()).toMatchObject({ nickName: '1', title: 'c' })
})

describe('onRetry', () => {
  const refuse = (): never => {
    throw new Error('of the caller')
  }

  test('is called before each pause, with the attempt, its failure and the pause', async () => {
    const { scim, other, user, faults, pauses } = await stage()
    faults.push(after(other, user, 'title', 'b'), answer(503, { 'Retry-After': '2' }))
    const retries: UpdateRetry[] = []
    const pausesBefore: number[] = []
    const onRetry = (retry: UpdateRetry): void => {
      retries.push(retry)
      pausesBefore.push(pauses.length)
    }
    expect(await scim.users.update(user, increment, { onRetry })).toMatchObject({ kind: 'success', attempts: 3 })
    expect(retries).toMatchObject([
      { attempt: 1, wait: 10, failure: { kind: 'versionMismatch', expected: user.meta?.version } },
      { attempt: 2, wait: 2_000, failure: { kind: 'unknownOutcome' } },
    ])
    expect(pauses).toEqual(retries.map(({ wait }) => wait))
    expect(pausesBefore).toEqual([0, 1])
  })

  test('is not called for an attempt that is the last one', async () => {
    const { scim, other, user, faults } = await stage()
    expect(await scim.users.update(user, increment, { onRetry: refuse })).toMatchObject({ kind: 'success' })
    faults.push(after(other, user, 'title', 'b'), after(other, user, 'title', 'c'))
    const limits = [{ attempts: 1 }, { time: 5 }]
    for (const limit of limits) {
      expect(await scim.users.update(user, increment, { ...limit, onRetry: refuse })).toMatchObject({ kind: 'gaveUp' })
    }
  })

  test('an error that it throws is passed on, but not while the outcome of a write is unknown', async () => {
    const { scim, other, user, faults, pauses, now } = await stage()
    faults.push(after(other, user, 'title', 'b'))
    await expect(scim.users.update(user, increment, { onRetry: refuse })).rejects.toThrow('of the caller')
    expect([pauses.length, (await now()).nickName]).toEqual([0, '0'])
    faults.push(dropAfter)
    expect(await scim.users.update(user, increment, { onRetry: refuse })).toMatchObject({
      kind: 'outcomeUnknown',
      attempts: 1,
      cause: new Error('of the caller'),
    })
    expect(await now()).toMatchObject({ nickName: '1' })
  })
})

test('gives up at the limit of attempts or time, or when aborted', async () => {
  const { scim, other, user, faults, pauses, now } = await stage()
  const queueConcurrentWrites = (): number => {
    faults.length = 0
    return faults.push(...Array.from({ length: 40 }, (_, i) => after(other, user, 'title', `${Math.random()} ${i}`)))
  }
  queueConcurrentWrites()
  const tries = await scim.users.update(user.id, increment, { attempts: 3 })
  expect(tries).toMatchObject({ kind: 'gaveUp', reason: 'attempts', attempts: 3, failure: { kind: 'versionMismatch' } })
  expect(tries.conflicts).toHaveLength(3)
  expect(() => unwrapUpdate(tries)).toThrow('after 3 attempts: compare-and-swap lost to concurrent writers each time')
  queueConcurrentWrites()
  const time = await scim.users.update(user.id, increment, {
    attempts: 100,
    time: 100,
    backoff: { first: 40, most: 50 },
  })
  expect(time).toMatchObject({ kind: 'gaveUp', reason: 'time', attempts: 5, waited: 20 + 25 + 25 + 25 })
  expect(Math.max(...pauses)).toBe(25)
  queueConcurrentWrites()
  const controller = new AbortController()
  faults[0] = after(other, user, 'title', 'z')
  faults[1] = async () => {
    controller.abort()
    return new Response('{}', { status: 429 })
  }
  const aborted = await scim.users.update(user.id, increment, { signal: controller.signal })
  expect(aborted).toMatchObject({ kind: 'gaveUp', reason: 'aborted', attempts: 2 })
  faults.length = 0
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED', syscall: 'connect' })
  faults.push(
    ...Array.from({ length: 3 }, () => () => Promise.reject(new TypeError('fetch failed', { cause: refused }))),
  )
  const unreachable = await scim.users.update(user.id, increment, { attempts: 3 })
  expect(() => unwrapUpdate(unreachable)).toThrow('after 3 attempts: the server could not be reached')
  faults.push(...Array.from({ length: 3 }, () => answer(429)))
  const busy = await scim.users.update(user.id, increment, { attempts: 3 })
  expect(() => unwrapUpdate(busy)).toThrow('after 3 attempts: the server refused each attempt (429)')
  expect(await now()).toMatchObject({ nickName: '0' })
})

test('waits as long as the server requests, or gives up if that exceeds the time limit', async () => {
  const { scim, user, faults, pauses } = await stage(() => true)
  faults.push(answer(503, { 'Retry-After': '2' }), undefined, answer(429, { 'Retry-After': '3' }))
  expect(await scim.users.update(user.id, increment)).toMatchObject({ kind: 'success', attempts: 3, waited: 5_000 })
  expect(pauses).toEqual([2_000, 3_000])
  faults.push(answer(503, { 'Retry-After': '3600' }))
  expect(await scim.users.update(user.id, increment)).toMatchObject({
    kind: 'gaveUp',
    reason: 'time',
    attempts: 1,
    failure: { status: 503, retryAfter: 3_600_000 },
  })
})

test('waits at least a second after a 429 without a valid Retry-After', async () => {
  const { scim, user, faults, pauses } = await stage(() => true)
  faults.push(answer(429), undefined, answer(429, { 'Retry-After': 'soon' }))
  expect(await scim.users.update(user.id, increment)).toMatchObject({ kind: 'success', attempts: 3 })
  expect(pauses.length).toBe(2)
  for (const pause of pauses) expect(pause).toBeGreaterThanOrEqual(1_000)
  faults.push(answer(429, { 'Retry-After': '0' }), undefined, answer(503))
  await scim.users.update(user.id, increment)
  for (const pause of pauses.slice(2)) expect(pause).toBeLessThan(1_000)
})

test('a permanent refusal ends the update at once', async () => {
  const { scim, other, user } = await stage()
  await other.users.create({ userName: 'taken' })
  const result = await scim.users.update(user.id, (old) => ({ ...old, userName: 'TAKEN' }))
  expect(result).toMatchObject({ kind: 'refused', attempts: 1, failure: { status: 409, scimType: 'uniqueness' } })
  expect(() => unwrapUpdate(result)).toThrow('the server refused it: Another resource has this userName.')
  expect(await scim.users.update('unknown', increment)).toMatchObject({ kind: 'notFound', attempts: 1 })
  await other.users.delete(user.id)
  expect(await scim.users.update(user, increment)).toMatchObject({ kind: 'notFound' })
})

test('a member without an id is refused, not dropped', async () => {
  const { scim } = await stage()
  const group = await scim.groups.create({ displayName: 'all', members: [{ value: 'u1' }] })
  for (const member of [{ $ref: '../Users/7' }, { display: 'Bo' }]) {
    for (const method of ['patch', 'put'] as const) {
      const add = (it: Group): Group => ({ ...it, members: [...(it.members ?? []), member] })
      expect(await scim.groups.update(group.id, add, { method })).toMatchObject({
        kind: 'refused',
        failure: { status: 400, scimType: 'invalidValue', detail: 'members.value is required.' },
      })
    }
  }
})

test('a change must not modify its argument and must return a resource; its errors are rethrown', async () => {
  const { scim, user, requests } = await stage()
  await expect(scim.users.update(user.id, (old) => Object.assign(old, { title: 'x' }))).rejects.toThrow(TypeError)
  await expect(scim.users.update(user.id, (() => undefined) as unknown as typeof increment)).rejects.toThrow(
    'must return the new resource',
  )
  const mine = new Error('mine')
  await expect(
    scim.users.update(user.id, () => {
      throw mine
    }),
  ).rejects.toBe(mine)
  expect(requests.every(({ method }) => method === 'GET')).toBe(true)
})

describe('discovery before an update', () => {
  const people = async (when: (request: Request) => boolean) => {
    const faults = faulty(server({ resourceTypes: [{ ...userType, name: 'Person', endpoint: '/People' }] }), when)
    const { ports } = instantPorts()
    const scim = createClient(base, { fetch: faults.fetch, ports })
    const one = await scim
      .resources<User>('People')
      .create({ schemas: [userType.schema.id], userName: 'ada', title: 'a' })
    const update = (options: UpdateOptions<User> = {}) =>
      scim.resources<User>('People').update(one.id, (old) => ({ ...old, title: 'b' }), options)
    return { ...faults, update }
  }
  const asksForTypes = ({ url }: Request): boolean => url.includes('/ResourceTypes')

  test('is retried after a transient failure', async () => {
    const { faults, update } = await people(asksForTypes)
    faults.push(answer(503))
    expect(await update()).toMatchObject({ kind: 'success', attempts: 2 })
  })

  test('may respond with 404, which says nothing about the resource', async () => {
    const { faults, update } = await people(asksForTypes)
    faults.push(answer(404))
    expect(await update()).toMatchObject({ kind: 'refused', failure: { kind: 'notFound' } })
  })

  test('is not awaited after an abort', async () => {
    const { faults, update } = await people(asksForTypes)
    const controller = new AbortController()
    faults.push(() => {
      controller.abort()
      return new Promise(() => {})
    })
    expect(await update({ signal: controller.signal })).toMatchObject({ kind: 'gaveUp', reason: 'aborted' })
  })
})

test('a server without versions is not written to without `unsafe`', async () => {
  const inner = server()
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const response = await inner(url, init)
    const { meta: _meta, ...rest } = (await response.clone().json()) as Record<string, unknown>
    const headers = new Headers(response.headers)
    headers.delete('etag')
    return new Response(JSON.stringify(rest), { status: response.status, headers })
  }
  const { users } = createClient(base, { fetch })
  const { id } = await users.create({ userName: 'a', nickName: '0' })
  const refused = await users.update(id, increment)
  expect(refused).toEqual({ kind: 'noVersion', attempts: 1, conflicts: [], waited: 0 })
  expect(() => unwrapUpdate(refused)).toThrow('unsafe: true')
  expect(await users.update(id, increment, { unsafe: true })).toMatchObject({
    kind: 'success',
    resource: { nickName: '1' },
  })
})
