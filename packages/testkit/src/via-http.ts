import type { Agent, IncomingMessage } from 'node:http'
import type { Exchange, ExchangeRequest, ExchangeResponse } from './exchange.js'

/** Options of {@link viaHttp}. */
export interface ViaHttpOptions {
  /** Idle timeout: milliseconds without data from the server. Default 15,000. */
  readonly timeout?: number
  /** Keep connections alive for later requests. Turn it off for servers that close idle connections silently. Default true. */
  readonly keepAlive?: boolean
}

/** An exchange over the network; `close` closes the kept connections. */
export interface HttpExchange extends Exchange {
  close(): void
}

interface Transport {
  readonly http: typeof import('node:http')
  readonly agent: Agent
}

/**
 * An exchange with a server over HTTP or HTTPS, on Node. It sends exactly the headers given: `fetch` would add
 * `Cache-Control: no-cache` to `If-None-Match`, for example, which no provisioning client sends.
 */
export function viaHttp(baseUrl: string, { timeout = 15_000, keepAlive = true }: ViaHttpOptions = {}): HttpExchange {
  const base = new URL(baseUrl)
  let transport: Promise<Transport> | undefined
  const exchange: Exchange = async (request) => {
    transport ??= openTransport(base, keepAlive)
    return send(await transport, base, request, timeout)
  }
  const close = (): void => {
    void transport?.then(({ agent }) => agent.destroy())
    transport = undefined
  }
  return Object.assign(exchange, { close })
}

async function openTransport(base: URL, keepAlive: boolean): Promise<Transport> {
  const http = await (base.protocol === 'https:' ? import('node:https') : import('node:http'))
  return { http, agent: new http.Agent({ keepAlive }) }
}

function send(
  { http, agent }: Transport,
  base: URL,
  request: ExchangeRequest,
  timeout: number,
): Promise<ExchangeResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = http.request({
      protocol: base.protocol,
      hostname: base.hostname,
      port: base.port,
      path: `${base.pathname === '/' ? '' : base.pathname}${request.path}`,
      method: request.method,
      headers: withLength(request),
      agent,
    })
    let answering = false
    outgoing.on('response', (response) => {
      answering = true
      collect(response).then(resolve, reject)
    })
    // A server may respond before it read a large body completely and then close the connection: the response counts.
    outgoing.on('error', (error) => {
      if (!answering) reject(error)
    })
    outgoing.setTimeout(timeout, () => outgoing.destroy(new Error(`no response within ${timeout} ms`)))
    outgoing.end(request.body)
  })
}

// Without Content-Length, Node sends bodies of DELETE and GET chunked or not at all.
function withLength(request: ExchangeRequest): Readonly<Record<string, string | readonly string[]>> {
  const headers = request.headers ?? {}
  if (request.body === undefined || Object.keys(headers).some((name) => name.toLowerCase() === 'content-length')) {
    return headers
  }
  const length = typeof request.body === 'string' ? new TextEncoder().encode(request.body).length : request.body.length
  return { ...headers, 'Content-Length': String(length) }
}

function collect(response: IncomingMessage): Promise<ExchangeResponse> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    response.on('data', (chunk) => chunks.push(chunk))
    response.on('error', reject)
    response.on('end', () => {
      const headers: Record<string, string> = {}
      for (const [name, value] of Object.entries(response.headers)) {
        if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(', ')
      }
      resolve({ status: response.statusCode ?? 0, headers, body: new TextDecoder().decode(joined(chunks)) })
    })
  })
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}
