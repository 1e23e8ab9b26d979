import { createServer, request, type Server } from 'node:http'
import { createServer as createSecureServer, request as secureRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { ScimOptions } from '@scimkit/core'
import type { Exchange, ExchangeRequest, ExchangeResponse } from '@scimkit/testkit'
import { localhostCertificate } from '../../packages/testkit/test/support/localhost-certificate.js'
import { optionsOf, type Setup } from '../setups.js'
import type { Listener } from './frameworks.js'

export type Scheme = 'http' | 'https'

/** Starts a server on the runtime, which runs until the process ends, and returns its port. */
export function listening(listener: Listener, scheme: Scheme): Promise<number> {
  const handler = listener as Parameters<typeof createServer>[1]
  const server: Server =
    scheme === 'http' ? createServer(handler) : createSecureServer(localhostCertificate, handler as never)
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

/** An exchange with its own server. */
export function opened(make: (options: ScimOptions) => Listener, scheme: Scheme, setup: Setup): Exchange {
  let port: Promise<number> | undefined
  return async (sent) => {
    port ??= listening(make(optionsOf(setup)), scheme)
    return exchanged(scheme, await port, sent)
  }
}

/** Sends one request on its own connection. */
export function exchanged(scheme: Scheme, port: number, sent: ExchangeRequest): Promise<ExchangeResponse> {
  const { method, path, headers = {}, body } = sent
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }
    const place = { host: '127.0.0.1', port, path: `/scim/v2${path}`, agent: false as const, rejectUnauthorized: false }
    const outgoing = (scheme === 'http' ? request : secureRequest)({
      ...place,
      method,
      headers: { ...length, ...headers } as Record<string, string>,
    })
    outgoing.on('error', reject)
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const received = Object.entries(response.headers).map(([name, value]) => [name, String(value)])
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(received), body: text })
      })
    })
    outgoing.end(body)
  })
}
