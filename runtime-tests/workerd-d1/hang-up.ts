import { Hono } from 'hono'
import type { Env } from './databases.js'

/**
 * Forwards requests to the other isolate, aborts them after `?after=` milliseconds, and then answers 204. A Worker's
 * request is treated in the same way when its client disconnects: none of its pending work continues.
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
