/**
 * The promises that the platform's `waitUntil` receives: the work of each request, and the results of asynchronous
 * hooks.
 */
import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import { createScim, type ScimEvent, type ScimOptions, tenantId, type WaitUntil } from '../src/index.js'
import type { ResourceProvider } from '../src/provider/provider.js'
import { mount, requestOf, type Server, serve, user } from './support/server.js'

/** A platform that keeps the promises that it receives. */
function platform(): { readonly waitUntil: WaitUntil; readonly handed: Promise<unknown>[] } {
  const handed: Promise<unknown>[] = []
  return { waitUntil: (promise) => void handed.push(promise), handed }
}

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

/** Sends requests like an adapter that has found the platform's `waitUntil`. */
const askWith = (server: Server, waitUntil: WaitUntil, path = '/Users') =>
  server.scim.handle({ ...requestOf({ target: `${mount}${path}` }), waitUntil })

const bulkOf = (count: number) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
  Operations: Array.from({ length: count }, (_, i) => ({
    method: 'POST',
    path: '/Users',
    bulkId: `b${i}`,
    data: user(`u${i}`),
  })),
})

describe('waitUntil', () => {
  test('receives the whole work of a request as soon as the request arrives, and the promise resolves to the response', async () => {
    const { waitUntil, handed } = platform()
    let answer = (): void => undefined
    const memory = memoryProvider()
    const read: ResourceProvider['read'] = async (...asked) => {
      await new Promise<void>((resolve) => (answer = resolve))
      return memory.read(...asked)
    }
    const server = serve({ provider: { ...memory, read } })
    const asked = askWith(server, waitUntil, '/Users/1')
    expect(handed).toHaveLength(1)
    await soon()
    expect(server.events).toEqual([])
    answer()
    expect(await handed[0]).toEqual(await asked)
    expect(server.events).toHaveLength(1)
  })

  test('receives the work also of an unauthenticated request, and where the store fails', async () => {
    const { waitUntil, handed } = platform()
    const failing = (): never => {
      throw new Error('store')
    }
    await askWith(serve({ authenticate: () => undefined }), waitUntil)
    await askWith(serve({ provider: failing }), waitUntil)
    expect(await Promise.all(handed)).toMatchObject([{ status: 401 }, { status: 500 }])
  })

  test('of the options takes precedence over that of a request; without both there is none', async () => {
    const [own, found] = [platform(), platform()]
    const server = serve({ waitUntil: own.waitUntil })
    await askWith(server, found.waitUntil)
    await server.get('/Users')
    expect([own.handed.length, found.handed.length]).toEqual([2, 0])
  })

  test('that throws changes no response, and is reported to onError', async () => {
    const server = serve()
    const answer = await askWith(server, () => {
      throw new TypeError('Illegal invocation')
    })
    expect(answer.status).toBe(200)
    expect(server.errors).toMatchObject([{ message: 'Illegal invocation' }])
  })

  test('that is not a function is a TypeError that names the option', () => {
    const options = { provider: memoryProvider(), waitUntil: {} } as unknown as ScimOptions
    expect(() => createScim(options)).toThrow(
      new TypeError('options.waitUntil: expected a function that takes a promise'),
    )
  })
})

describe('an asynchronous onEvent', () => {
  /** A listener that takes a while, and the work that has ended. */
  function slowListener(): { readonly onEvent: (event: ScimEvent) => Promise<void>; readonly ended: string[] } {
    const ended: string[] = []
    return {
      onEvent: async (event) => {
        await soon()
        ended.push(event.kind)
      },
      ended,
    }
  }

  test('is passed on once for each event, and has ended when the promise has', async () => {
    const { waitUntil, handed } = platform()
    const { onEvent, ended } = slowListener()
    const server = serve({ onEvent, waitUntil })
    const answer = await server.post('/Bulk', bulkOf(9))
    expect([answer.status, handed.length, ended]).toEqual([200, 1 + 9 + 1, expect.any(Array)])
    await Promise.all(handed)
    expect(ended).toEqual([...Array(9).fill('write'), 'request'])
  })

  test('continues by itself where the platform has no waitUntil', async () => {
    const { onEvent, ended } = slowListener()
    expect((await serve({ onEvent }).post('/Users', user('x'))).status).toBe(201)
    await soon()
    await soon()
    expect(ended).toEqual(['write', 'request'])
  })

  test('that rejects is reported to onError; the promise passed on does not reject', async () => {
    const { waitUntil, handed } = platform()
    const server = serve({ waitUntil, onEvent: () => Promise.reject(new Error('the sink is full')) })
    expect((await server.post('/Users', user('x'))).status).toBe(201)
    await Promise.all(handed)
    expect([handed.length, server.errors]).toMatchObject([3, Array(2).fill({ message: 'the sink is full' })])
  })

  test('does not delay the response', async () => {
    const { waitUntil } = platform()
    const server = serve({ waitUntil, onEvent: () => new Promise(() => undefined) })
    expect((await server.post('/Users', user('x'))).status).toBe(201)
  })

  test('of `perform` is passed to waitUntil of the context, by default that of the options', async () => {
    const [own, given] = [platform(), platform()]
    const { onEvent, ended } = slowListener()
    const { scim } = serve({ onEvent, waitUntil: own.waitUntil })
    const tenant = tenantId('a')
    const create = (userName: string) => ({ kind: 'create', type: 'User', body: user(userName) }) as const
    await scim.perform(create('x'), scim.context({ tenant }))
    await scim.perform(create('y'), scim.context({ tenant, waitUntil: given.waitUntil }))
    expect([own.handed.length, given.handed.length]).toEqual([1, 1])
    await Promise.all([...own.handed, ...given.handed])
    expect(ended).toEqual(['write', 'write'])
  })
})

describe('other hooks', () => {
  test('a listener that returns at once is not passed on', async () => {
    const { waitUntil, handed } = platform()
    await serve({ waitUntil }).post('/Users', user('x'))
    expect(handed).toHaveLength(1)
  })

  test('an asynchronous onError is passed on too', async () => {
    const { waitUntil, handed } = platform()
    const told: string[] = []
    const provider = (): never => {
      throw new Error('store')
    }
    const onError = async (error: unknown): Promise<void> => {
      await soon()
      told.push(String(error))
    }
    expect((await serve({ waitUntil, provider, onError }).get('/Users')).status).toBe(500)
    expect(handed).toHaveLength(2)
    await Promise.all(handed)
    expect(told).toEqual(['Error: store'])
  })
})
