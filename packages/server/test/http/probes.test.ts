/** `/healthz` and `/readyz`: the same on all frameworks, before authentication, not below a mount. */
import { type RequestListener, Server } from 'node:http'
// Loaded first, one after the other: the loader of jest fails on modules that are loaded concurrently and share imports.
import '@scimkit/express-adapter'
import '@scimkit/koa-adapter'
import '@scimkit/hono-adapter'
import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import supertest from 'supertest'
import { adapters } from '../../src/http/adapters.js'
import { withProbes } from '../../src/http/probes.js'
import { readiness } from '../../src/http/readiness.js'

const noReport = (): void => undefined

const readyWhen = (check: () => Promise<void>) => readiness({ check, onFailure: noReport, freshFor: 0, patience: 50 })

describe.each(Object.keys(adapters))('probes on %s', (name) => {
  const events: unknown[] = []
  // No client is authenticated.
  const options = { provider: memoryProvider(), authenticate: () => undefined, onEvent: (e: unknown) => events.push(e) }
  const app = async (basePath: string, check: () => Promise<void>) => {
    const listener = (await adapters[name]?.(options, basePath, [])) as RequestListener
    return supertest(new Server(withProbes(listener, readyWhen(check))))
  }
  const sound = async (): Promise<void> => undefined
  const broken = async (): Promise<void> => {
    throw new Error('password hunter2 is wrong')
  }

  test.each(['/scim/v2', ''])('are answered to every client at the root, with SCIM at “%s”', async (basePath) => {
    const agent = await app(basePath, sound)
    events.length = 0
    for (const [path, text] of [
      ['/healthz', 'ok\n'],
      ['/readyz', 'ready\n'],
      ['/readyz?verbose', 'ready\n'],
    ] as const) {
      const answer = await agent.get(path)
      expect([answer.status, answer.text, answer.headers['cache-control']]).toEqual([200, text, 'no-store'])
      expect((await agent.head(path)).status).toBe(200)
      const posted = await agent.post(path).send('{}')
      expect([posted.status, posted.headers.allow]).toEqual([405, 'GET, HEAD'])
    }
    expect(events).toEqual([])
    await agent.get(`${basePath}/Users`).expect(401)
  })

  test('are not below SCIM, and not at similar paths', async () => {
    const agent = await app('/scim/v2', sound)
    for (const path of ['/scim/v2/healthz', '/scim/v2/readyz']) await agent.get(path).expect(401)
    for (const path of ['/healthz/', '/readyz/x', '/Readyz', '/%72eadyz']) await agent.get(path).expect(404)
  })

  test('answer 503 without a reason if the store does not answer or fails', async () => {
    const never = await app('/scim/v2', () => new Promise(() => undefined))
    for (const agent of [await app('/scim/v2', broken), never]) {
      const answer = await agent.get('/readyz')
      expect([answer.status, answer.text]).toEqual([503, 'not ready\n'])
      await agent.get('/healthz').expect(200)
    }
  })
})
