import { request } from 'node:http'
import type { Exchange } from '@scimkit/testkit'

/**
 * An exchange over HTTP with a connection for each request. After a response that was sent before the body was read, workerd
 * closes the connection without `Connection: close`; a client that keeps connections then loses the next request.
 * `miniflare.dispatchFetch` cannot be used: fetch changes hosts, targets and content types.
 */
export function viaOwnConnections(base: string): Exchange {
  const { hostname, port, pathname } = new URL(base)
  return ({ method, path, headers = {}, body }) =>
    new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }
      const place = { hostname, port, path: `${pathname}${path}`, agent: false }
      const sent = request({ ...place, method, headers: { ...length, ...headers } })
      sent.on('error', reject)
      sent.on('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const received = Object.entries(response.headers).map(([name, value]) => [name, String(value)])
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(received), body: text })
        })
      })
      sent.end(body)
    })
}
