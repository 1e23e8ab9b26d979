/** Requests whose clients disconnect, and their required results with and without the platform's `waitUntil`. */
import type { ContractCase, Exchange } from '@scimkit/testkit'
import { acmeToken } from '../setups.js'
import { viaOwnConnections } from '../workerd/via-own-connections.js'
import type { Heard } from './hung-up.js'

const user = 'urn:ietf:params:scim:schemas:core:2.0:User'
const headers = { Authorization: `Bearer ${acmeToken}`, 'Content-Type': 'application/scim+json' }
const count = 10
// Milliseconds in which work that was begun must end, also on a slow machine.
const patience = 20_000

type Json = Readonly<Record<string, unknown>>

/** The guarantees of a Worker for clients that have disconnected, and for the host's listeners. */
export function hangUpCases([one, two]: readonly [URL, URL]): readonly ContractCase[] {
  const serverOf = (name: string): Exchange => viaOwnConnections(`${one.origin}/${name}/scim/v2`)
  const [asked, alone] = [serverOf('hungUp'), serverOf('hungUpAlone')]
  const abandoned = (name: string): Exchange => viaOwnConnections(`${two.origin}/hang-up/${name}/scim/v2`)
  const listeners = viaOwnConnections(`${one.origin}/heard`)
  const heard = async (): Promise<Heard> => JSON.parse((await listeners({ method: 'GET', path: '' })).body) as Heard
  const get = async (path: string, exchange = asked): Promise<Json> => {
    const { status, body } = await exchange({ method: 'GET', path, headers })
    if (status !== 200) throw new Error(`expected 200, got ${status} ${body}`)
    return JSON.parse(body) as Json
  }
  const create = async (userName: string, requestId = userName): Promise<Json> => {
    const body = JSON.stringify({ schemas: [user], userName })
    const answer = await asked({
      method: 'POST',
      path: '/Users',
      headers: { ...headers, 'X-Request-Id': requestId },
      body,
    })
    if (answer.status !== 201) throw new Error(`expected 201, got ${answer.status} ${answer.body}`)
    return JSON.parse(answer.body) as Json
  }
  const described = { level: 'MUST', citation: 'ScimKit' } as const
  return [
    {
      ...described,
      id: 'd1-listeners-finish',
      title: `asynchronous onEvent: ${count} of ${count} end after the answer`,
      run: async () => {
        const before = (await heard()).writes
        for (let i = 0; i < count; i++) await create(`listened-${i}`)
        await eventually(async () => (await heard()).writes - before, count)
      },
    },
    {
      ...described,
      id: 'd1-listeners-fail',
      title: 'an asynchronous onEvent that rejects after the answer is reported to onError',
      run: async () => {
        await create('reject')
        await eventually(async () => (await heard()).failures.join(), 'the sink refuses reject')
      },
    },
    ...(['hungUp', 'hungUpImported'] as const).map((name) => ({
      ...described,
      id: name === 'hungUp' ? 'd1-hang-up-bulk' : 'd1-hang-up-bulk-imported',
      title: `a bulk request of ${count} is abandoned: all operations are applied, with their events (${name})`,
      run: async () => {
        const before = (await heard()).writes
        const Operations = Array.from({ length: count }, (_, i) => ({
          method: 'POST',
          path: '/Users',
          bulkId: `b${i}`,
          data: { schemas: [user], userName: `bulk-${i}` },
        }))
        const body = JSON.stringify({ schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations })
        await giveUp(abandoned(name), { method: 'POST', path: '/Bulk?after=500', headers, body })
        const path = '/Users?filter=userName%20sw%20%22bulk-%22'
        await eventually(async () => (await get(path, serverOf(name))).totalResults, count)
        await eventually(async () => (await heard()).writes - before, count)
      },
    })),
    {
      ...described,
      id: 'd1-hang-up-write',
      title:
        'a PUT is abandoned at any moment: it is applied as a whole or not at all, and is applied if its body has been received',
      run: async () => {
        const path = `/Users/${String((await create('put')).id)}`
        const titleNow = async (): Promise<unknown> => {
          const found = await get(path)
          if (found.title !== found.nickName) throw new Error(`a write was applied in part: ${JSON.stringify(found)}`)
          return found.title
        }
        let made = 0
        // The body is read after 100 ms and the write is sent after 200; a response ends the loop.
        for (let after = 50; after <= 400; after += 25) {
          const title = `abandoned after ${after} ms`
          const body = JSON.stringify({ schemas: [user], userName: 'put', title, nickName: title })
          const sent = { method: 'PUT', path: `${path}?after=${after}`, headers, body }
          if ((await abandoned('hungUp')(sent)).status === 200) break
          for (let looks = 0; looks < 5 && (await titleNow()) !== title; looks++) await pause()
          if ((await titleNow()) === title) made += 1
        }
        if (made === 0) throw new Error('none of the abandoned writes was applied')
      },
    },
    {
      ...described,
      id: 'd1-hang-up-places',
      title: 'more requests are abandoned than may be in flight: without waitUntil too, the next ones are answered',
      run: async () => {
        const path = '/Users'
        await eventually(async () => (await alone({ method: 'GET', path, headers })).status, 200)
        const ways = Array.from({ length: 4 }, () => abandoned('hungUpAlone'))
        await Promise.all(ways.map((way) => giveUp(way, { method: 'GET', path: `${path}?after=50`, headers })))
        await eventually(async () => (await alone({ method: 'GET', path, headers })).status, 200)
      },
    },
  ]
}

async function giveUp(exchange: Exchange, request: Parameters<Exchange>[0]): Promise<void> {
  const { status, body } = await exchange(request)
  if (status !== 204) throw new Error(`expected an abandoned request, got ${status} ${body}`)
}

async function eventually<Value>(look: () => Promise<Value>, expected: Value): Promise<void> {
  const end = performance.now() + patience
  for (;;) {
    const found = await look()
    if (found === expected) return
    if (performance.now() > end) throw new Error(`expected ${String(expected)} in the end, got ${String(found)}`)
    await pause()
  }
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100))
