/** `update()` where the answer to a write is lost: nobody says that it is in, or that it is not, without knowing. */
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
} from './support/server.js'
import { increment, stage } from './support/stage.js'

/** A request that its sender takes for lost, and that comes to the server when somebody says so. */
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

describe('a lost answer', () => {
  test('of a request that was not sent: again', async () => {
    const { scim, user, faults, now } = await stage()
    faults.push(dropBefore)
    expect(await scim.users.update(user.id, increment)).toMatchObject({ kind: 'success', attempts: 2 })
    expect(await now()).toMatchObject({ nickName: '1' })
  })

  test.each([
    ['was lost with it', dropUnseen],
    ['was a 500 of a proxy', answer(502)],
  ])('of a write that did not come to the server (%s): the version is the same, so again', async (_name, fault) => {
    const { scim, user, faults, requests, now } = await stage()
    faults.push(fault)
    expect(await scim.users.update(user.id, increment)).toMatchObject({ kind: 'success', confirmedBy: 'answer' })
    const tags = requests.filter(({ method }) => method === 'PATCH').map(({ headers }) => headers.get('if-match'))
    expect(tags).toEqual([user.meta?.version, user.meta?.version])
    expect(await now()).toMatchObject({ nickName: '1' })
  })

  test('of a write that arrives late: one of the two wins, and that is known', async () => {
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

  test('of a write that arrives late, before the second: counted once, and said to be unknown', async () => {
    const { scim, user, faults, now } = await stage()
    const { hold, arrive } = heldBack()
    faults.push(hold, async (_request, send) => {
      await arrive()
      return send()
    })
    expect(await scim.users.update(user.id, increment)).toMatchObject({ kind: 'outcomeUnknown', attempts: 3 })
    expect(await now()).toMatchObject({ nickName: '1' })
  })

  test.each<[string, (rival: ScimClient, id: string) => Fault]>([
    ['of a write that is in', () => dropAfter],
    [
      'of a write that is not in, while a rival has written the very same',
      (rival, id) => async (request, send) => {
        await rival.users.update(id, increment)
        return dropUnseen(request, send)
      },
    ],
  ])('%s: unknown, for the two look alike', async (_name, fault) => {
    const { scim, rival, user, faults, now } = await stage()
    faults.push(fault(rival, user.id))
    const result = await scim.users.update(user.id, increment)
    const { nickName, meta } = await now()
    expect(nickName).toBe('1')
    expect(result).toMatchObject({
      kind: 'outcomeUnknown',
      expected: user.meta?.version,
      current: meta?.version,
      attempts: 2,
    })
    expect(() => unwrapUpdate(result)).toThrow('cannot be told')
  })

  test('of a change that may be made twice: it is there, or is made again', async () => {
    const { scim, rival, user, faults, now } = await stage()
    const title = (old: User): User => ({ ...old, title: 'Countess' })
    faults.push(dropAfter)
    expect(await scim.users.update(user.id, title, { idempotent: true })).toMatchObject({
      kind: 'success',
      written: false,
      confirmedBy: 'read',
    })
    faults.push(async (request, send) => {
      await rival.users.patch(user.id, [{ op: 'replace', path: 'nickName', value: '9' }], { ifMatch: false })
      return dropUnseen(request, send)
    })
    const again = await scim.users.update(user.id, (old) => ({ ...old, title: 'Lady' }), { idempotent: true })
    expect(again).toMatchObject({ kind: 'success', written: true, confirmedBy: 'answer' })
    expect(await now()).toMatchObject({ title: 'Lady', nickName: '9' })
  })

  test('of a change that leaves a mark: the mark tells', async () => {
    const marked = (mark: string): [(old: User) => User, UpdateOptions<User>] => [
      (old) => ({ ...increment(old), entitlements: [...(old.entitlements ?? []), { value: mark }] }),
      { landed: ({ entitlements }) => entitlements?.some(({ value }) => value === mark) === true },
    ]
    const { scim, rival, user, faults, now } = await stage()
    faults.push(dropAfter)
    expect(await scim.users.update(user.id, ...marked('1'))).toMatchObject({ kind: 'success', confirmedBy: 'read' })
    faults.push(async (request, send) => {
      await rival.users.update(user.id, increment)
      return dropUnseen(request, send)
    })
    expect(await scim.users.update(user.id, ...marked('2'))).toMatchObject({ kind: 'success', confirmedBy: 'answer' })
    expect(await now()).toMatchObject({ nickName: '3', entitlements: [{ value: '1' }, { value: '2' }] })
  })

  test('and then out of tries, or aborted: nobody says that nothing was written', async () => {
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

describe('of a write that is in, nobody says that it is not', () => {
  test.each([
    ['its connection became one to nowhere', unreachableAfter],
    ['its answer ends in the middle', cutAfter],
  ])('when %s', async (_name, fault) => {
    const { scim, user, faults, now } = await stage()
    faults.push(fault)
    expect(await scim.users.update(user.id, increment)).toMatchObject({ kind: 'outcomeUnknown' })
    expect(await now()).toMatchObject({ nickName: '1' })
  })

  test('when its answer has a status and no more', async () => {
    const { scim, user, faults, now } = await stage()
    faults.push(bodyLost)
    const result = await scim.users.update(user.id, increment)
    expect(result).toMatchObject({ kind: 'success', written: true, attempts: 1, resource: { nickName: '1' } })
    expect(result).toMatchObject({ tag: (await now()).meta?.version })
  })

  test('when a function of the caller’s throws meanwhile', async () => {
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
    // With nothing in doubt it is the caller's own to see.
    await expect(scim.users.update(user.id, increment)).rejects.toThrow('no token')
  })
})
