/** Large bodies in flight over a whole server. */
import { describe, expect, test } from '@jest/globals'
import type { RequestBody } from '../../src/http/adapter-interface.js'
import { mount, requestOf, type Server, serve, user } from '../support/server.js'
import { forEver, latch, soon } from './support/waiting.js'

describe('large bodies', () => {
  const size = 100_000
  const bytes = new TextEncoder().encode(
    JSON.stringify(user('b', { title: 'x'.repeat(60_000), nickName: 'y'.repeat(size - 60_200) })),
  )
  const limits = { bodyBytesInFlight: 2 * bytes.length, waitingBodies: 1 }

  /** A body that arrives when the test says so, whose length is announced or not. */
  function upload(
    server: Server,
    announced: boolean,
    arrives: Promise<void>,
    begun: () => void,
    body: Uint8Array = bytes,
  ) {
    const request = requestOf({ method: 'POST', target: `${mount}/Users` })
    return server.scim.handle({
      ...request,
      header: (name) =>
        name === 'content-type'
          ? 'application/scim+json'
          : name === 'content-length' && announced
            ? String(body.length)
            : undefined,
      body: async (_limit: number, grown?: (bytes: number) => Promise<void> | undefined): Promise<RequestBody> => {
        await grown?.(10)
        await grown?.(body.length)
        begun()
        await arrives
        return { kind: 'bytes', bytes: body }
      },
    })
  }

  test.each([true, false])(
    'are read as far as there is room (length announced: %s); small ones pass',
    async (announced) => {
      const { opened, open } = latch()
      let begun = 0
      const room = announced ? limits : { ...limits, bodyBytes: bytes.length }
      const server = serve({ limits: room, ports: forEver })
      const all = Array.from({ length: 4 }, () => upload(server, announced, opened, () => begun++))
      await soon()
      expect(begun).toBe(2)
      expect((await server.post('/Users', user('small'))).status).toBe(201)
      open()
      const answers = await Promise.all(all)
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 503])
      expect(answers.find(({ status }) => status === 503)?.headers['Retry-After']).toBe('3')
      expect(begun).toBe(3)
      const again = await Promise.all([1, 2, 3].map(() => upload(server, announced, opened, () => begun++)))
      expect(again.map(({ status }) => status)).toEqual([409, 409, 409])
      expect(server.errors).toEqual([])
    },
  )

  test('of unknown length count as the limit while they arrive, then with their size', async () => {
    const server = serve({ limits: { bodyBytesInFlight: 1_200_000, bodyBytes: 1_000_000 }, ports: forEver })
    const { opened, open } = latch()
    let begun = 0
    const first = upload(server, false, opened, () => begun++)
    const second = upload(server, false, opened, () => begun++)
    await soon()
    expect(begun).toBe(1)
    open()
    expect((await Promise.all([first, second])).map(({ status }) => status)).toEqual([201, 409])
  })

  test('larger than all the room are read alone', async () => {
    const server = serve({ limits: { bodyBytesInFlight: 1 }, ports: forEver })
    const answers = await Promise.all([1, 2].map(() => upload(server, true, Promise.resolve(), () => undefined)))
    expect(answers.map(({ status }) => status)).toEqual([201, 409])
  })

  test('whose reader stops while it waits for room keep none of it', async () => {
    const server = serve({
      limits: { ...limits, bodyBytesInFlight: bytes.length, bodyBytes: bytes.length },
      ports: forEver,
    })
    const { opened, open } = latch()
    const first = upload(server, false, opened, () => undefined)
    await soon()
    const request = requestOf({
      method: 'POST',
      target: `${mount}/Users`,
      headers: { 'content-type': 'application/scim+json' },
    })
    const left = await server.scim.handle({
      ...request,
      body: async (_limit: number, grown?: (bytes: number) => Promise<void> | undefined) => {
        void grown?.(bytes.length)
        throw new Error('The client went away.')
      },
    })
    expect(left.status).toBe(400)
    open()
    await first
    expect((await upload(server, false, opened, () => undefined)).status).toBe(409)
  })
})
