import { Hono } from 'hono'
import type { Env } from './databases.js'

/**
 * Hands requests to the other isolate and hangs up after `?after=` milliseconds, answering 204 then. It is what becomes
 * of a Worker's request when its client goes away: nothing that it has begun goes on.
 */
export const hangUp: Hono<{ Bindings: Env }> = new Hono<{ Bindings: Env }>().all('/*', async (c) => {
  const { pathname, searchParams } = new URL(c.req.url)
  const url = new URL(pathname.slice(pathname.indexOf('/', 1)), 'http://other.example')
  const impatience = new AbortController()
  setTimeout(() => impatience.abort(), Number(searchParams.get('after')))
  const { method, headers } = c.req.raw
  const body = method === 'GET' ? null : await c.req.text()
  try {
    return await c.env.other.fetch(new Request(url, { method, headers, body }), { signal: impatience.signal })
  } catch {
    return c.body(null, 204)
  }
})
