/** `update()` after a lost response to a write: it never claims an outcome that is not proved. */
import { describe, expect, test } from '@jest/globals'
import { createClient, type ScimClient, type UpdateOptions, type User, unwrapUpdate } from '@scimkit/client'
import {
  answer,
  base,
  bodyLost,
  cutAfter,
  dropAfter,
  dropBefore,
  dropUnseen,
  type Fault,
  faulty,
  instantPorts,
  server,
  unreachableAfter,
} from '../support/server.js'
import { increment, stage } from '../support/stage.js'

/** A request that appears lost to the client, and that reaches the server when `arrive` is called. */
function heldBack(): { readonly hold: Fault; arrive(): Promise<Response> } {
  let late = (): Promise<Response> => Promise.reject(new Error('too early'))
  return {
    hold: async (request, send) => {
      late = send
      return dropUnseen(request, send)
    },
    arrive: () => late(),
  }
}

describe('a lost response', () => {
  test('to a request that was not sent: retried', async () => {
    const { scim, user, faults, now } = await stage()
    faults.push(dropBefore)
    expect(await scim.users.update(user.id, increment)).toMatchObject({ kind: 'success', attempts: 2 })
    expect(await now()).toMatchObject({ nickName: '1' })
  })

  test.each([
    ['the request was lost', dropUnseen],
    ['a proxy responded with 502', answer(502)],
  ])(
    'to a write that did not reach the server (%s): the version is unchanged, so it is retried',
    async (_name, fault) => {
      const { scim, user, faults, requests, now } = await stage()
      faults.push(fault)
      expect(await scim.users.update(user.id, increment)).toMatchObject({ kind: 'success', confirmedBy: 'response' })
      const tags = requests.filter(({ method }) => method === 'PATCH').map(({ headers }) => headers.get('if-match'))
      expect(tags).toEqual([user.meta?.version, user.meta?.version])
      expect(await now()).toMatchObject({ nickName: '1' })
    },
  )

  test('to a write that arrives late: exactly one of the two writes succeeds, and the client knows which', async () => {
    const { scim, user, faults, now } = await stage()
    const { hold, arrive } = heldBack()
    faults.push(hold, async (_request, send) => {
      const response = await send()
      expect((await arrive()).status).toBe(412)
      return response
    })
    expect(await scim.users.update(user.id, increment)).toMatchObject({ kind: 'success', attempts: 2 })
    expect(await now()).toMatchObject({ nickName: '1' })
  })

  test('to a write that arrives late, before the second: applied once, reported as outcomeUnknown', async () => {
    const { scim, user, faults, now } = await stage()
    const { hold, arrive } = heldBack()
    faults.push(hold, async (_request, send) => {
      await arrive()
      return send()
    })
    expect(await scim.users.update(user.id, increment)).toMatchObject({ kind: 'outcomeUnknown', attempts: 3 })
    expect(await now()).toMatchObject({ nickName: '1' })
  })

  test.each<[string, (other: ScimClient, id: string) => Fault]>([
    ['to a write that was applied', () => dropAfter],
    [
      'to a write that was not applied, while a concurrent writer wrote the same content',
      (other, id) => async (request, send) => {
        await other.users.update(id, increment)
        return dropUnseen(request, send)
      },
    ],
  ])('%s: unknown, because the two cases look alike', async (_name, fault) => {
    const { scim, other, user, faults, now } = await stage()
    faults.push(fault(other, user.id))
    const result = await scim.users.update(user.id, increment)
    const { nickName, meta } = await now()
    expect(nickName).toBe('1')
    expect(result).toMatchObject({
      kind: 'outcomeUnknown',
      expected: user.meta?.version,
      current: meta?.version,
      attempts: 2,
    })
    expect(() => unwrapUpdate(result)).toThrow('it is unknown whether the write was applied')
  })

  test('to an idempotent change: confirmed by a read, or repeated', async () => {
    const { scim, other, user, faults, now } = await stage()
    const title = (old: User): User => ({ ...old, title: 'Countess' })
    faults.push(dropAfter)
    expect(await scim.users.update(user.id, title, { idempotent: true })).toMatchObject({
      kind: 'success',
      written: false,
      confirmedBy: 'read',
    })
    faults.push(async (request, send) => {
      await other.users.patch(user.id, [{ op: 'replace', path: 'nickName', value: '9' }], { ifMatch: false })
      return dropUnseen(request, send)
    })
    const again = await scim.users.update(user.id, (old) => ({ ...old, title: 'Lady' }), { idempotent: true })
    expect(again).toMatchObject({ kind: 'success', written: true, confirmedBy: 'response' })
    expect(await now()).toMatchObject({ title: 'Lady', nickName: '9' })
  })

  test('to a change with a unique mark: the mark decides', async () => {
    const marked = (mark: string): [(old: User) => User, UpdateOptions<User>] => [
      (old) => ({ ...increment(old), entitlements: [...(old.entitlements ?? []), { value: mark }] }),
      { isApplied: ({ entitlements }) => entitlements?.some(({ value }) => value === mark) === true },
    ]
    const { scim, other, user, faults, now } = await stage()
    faults.push(dropAfter)
    expect(await scim.users.update(user.id, ...marked('1'))).toMatchObject({ kind: 'success', confirmedBy: 'read' })
    faults.push(async (request, send) => {
      await other.users.update(user.id, increment)
      return dropUnseen(request, send)
    })
    expect(await scim.users.update(user.id, ...marked('2'))).toMatchObject({ kind: 'success', confirmedBy: 'response' })
    expect(await now()).toMatchObject({ nickName: '3', entitlements: [{ value: '1' }, { value: '2' }] })
  })

  test('followed by the attempt limit or an abort: never claims that nothing was written', async () => {
    const { scim, user, faults } = await stage()
    faults.push(dropUnseen)
    expect(await scim.users.update(user.id, increment, { attempts: 1 })).toMatchObject({
      kind: 'outcomeUnknown',
      expected: user.meta?.version,
      current: user.meta?.version,
    })
    const controller = new AbortController()
    faults.push(async (request, send) => {
      controller.abort()
      return dropAfter(request, send)
    })
    expect(await scim.users.update(user.id, increment, { signal: controller.signal })).toMatchObject({
      kind: 'outcomeUnknown',
    })
  })
})

describe('an applied write is never reported as not applied', () => {
  test.each([
    ['its host became unreachable', unreachableAfter],
    ['its response is truncated', cutAfter],
  ])('when %s', async (_name, fault) => {
    const { scim, user, faults, now } = await stage()
    faults.push(fault)
    expect(await scim.users.update(user.id, increment)).toMatchObject({ kind: 'outcomeUnknown' })
    expect(await now()).toMatchObject({ nickName: '1' })
  })

  test('when its response has a status and the body is lost', async () => {
    const { scim, user, faults, now } = await stage()
    faults.push(bodyLost)
    const result = await scim.users.update(user.id, increment)
    expect(result).toMatchObject({ kind: 'success', written: true, attempts: 1, resource: { nickName: '1' } })
    expect(result).toMatchObject({ tag: (await now()).meta?.version })
  })

  test('when a function of the caller throws meanwhile', async () => {
    const inner = server()
    const faults = faulty(inner)
    const { ports } = instantPorts()
    let isDown = false
    const token = (): string => {
      if (isDown) throw new Error('no token')
      return 'secret'
    }
    const scim = createClient(base, { fetch: faults.fetch, ports, token })
    const user = await scim.users.create({ userName: 'ada', nickName: '0' })
    faults.faults.push(async (request, send) => {
      isDown = true
      return dropAfter(request, send)
    })
    const result = await scim.users.update(user.id, increment)
    expect(result).toMatchObject({ kind: 'outcomeUnknown', cause: new Error('no token') })
    expect(() => unwrapUpdate(result)).toThrow(expect.objectContaining({ cause: new Error('no token') }))
    // Without an uncertain write, the caller's error is rethrown.
    await expect(scim.users.update(user.id, increment)).rejects.toThrow('no token')
  })
})
