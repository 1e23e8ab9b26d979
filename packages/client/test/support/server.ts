/** A real server in this process, and a `fetch` that fails on demand. */
import type { Fetch } from '@scimkit/client'
import { noAuthentication, type ScimOptions } from '@scimkit/core'
import { fetchHandler } from '@scimkit/fetch-http'
import { memoryProvider } from '@scimkit/memory-provider'

/** The base URL of the server. */
export const base = 'https://scim.example/scim/v2'

/** A server with the memory provider, called without a network. */
export function server(options: Partial<ScimOptions> = {}): Fetch {
  const handle = fetchHandler({
    provider: memoryProvider(),
    authenticate: noAuthentication(),
    basePath: '/scim/v2',
    ...options,
  })
  return (url, init) => handle(new Request(url, init))
}

/** Handles one request: forwards it with `send`, or injects a fault. */
export type Fault = (request: Request, send: () => Promise<Response>) => Promise<Response>

/** A `fetch` that records every request, and passes each through the next of `faults`. */
export interface Faulty {
  readonly fetch: Fetch
  readonly requests: Request[]
  readonly faults: (Fault | undefined)[]
}

/** `when` selects the requests that consume a fault; writes by default. */
export function faulty(inner: Fetch, when: (request: Request) => boolean = isWrite): Faulty {
  const requests: Request[] = []
  const faults: (Fault | undefined)[] = []
  const fetch: Fetch = async (url, init) => {
    const request = new Request(url, init)
    requests.push(request)
    const fault = when(request) ? faults.shift() : undefined
    const send = (): Promise<Response> => inner(url, init)
    return fault === undefined ? send() : fault(request, send)
  }
  return { fetch, requests, faults }
}

const isWrite = ({ method }: Request): boolean => method !== 'GET'

const failed = (code: string, syscall: string): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(`${syscall} ${code}`), { code, syscall }) })

/** The connection is refused. */
export const dropBefore: Fault = async () => {
  throw failed('ECONNREFUSED', 'connect')
}

/** The request was sent, but did not reach the server. */
export const dropUnseen: Fault = async () => {
  throw failed('ECONNRESET', 'read')
}

/** The server handles the request, and its response is lost. */
export const dropAfter: Fault = async (_request, send) => {
  await send()
  throw failed('ECONNRESET', 'read')
}

/** The same, with a host that is no longer reachable. */
export const unreachableAfter: Fault = async (_request, send) => {
  await send()
  throw failed('EHOSTUNREACH', 'read')
}

/** The server handles the request, and its response body is truncated. */
export const cutAfter: Fault = async (_request, send) => {
  const response = await send()
  const { status, headers } = response
  return new Response((await response.text()).slice(0, 50), { status, headers })
}

/** The server handles the request; its status arrives, and the body is lost. */
export const bodyLost: Fault = async (_request, send) => {
  const { status, headers } = await send()
  const body = new ReadableStream({ start: (controller) => controller.error(failed('ECONNRESET', 'read')) })
  return new Response(body, { status, headers })
}

/** A response of the server or a proxy, without handling the request. */
export const answer =
  (status: number, headers: Readonly<Record<string, string>> = {}, body: unknown = {}): Fault =>
  async () =>
    new Response(JSON.stringify(body), { status, headers })

/** Records the requested pauses without waiting; `now` advances by them. */
export function instantPorts(random: () => number = () => 0.5) {
  const pauses: number[] = []
  let now = 1_000_000
  return {
    pauses,
    ports: {
      now: () => now,
      random,
      sleep: async (milliseconds: number) => {
        pauses.push(milliseconds)
        now += milliseconds
      },
    },
  }
}
