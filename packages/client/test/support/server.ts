/** A real server in this process, and a `fetch` that can be told to fail. */
import type { Fetch } from '@scimkit/client'
import { noAuthentication, type ScimOptions } from '@scimkit/core'
import { fetchHandler } from '@scimkit/fetch-http'
import { memoryProvider } from '@scimkit/memory-provider'

/** Where it is, as far as anybody asks. */
export const base = 'https://scim.example/scim/v2'

/** A server on memory, reached without a network. */
export function server(options: Partial<ScimOptions> = {}): Fetch {
  const handle = fetchHandler({
    provider: memoryProvider(),
    authenticate: noAuthentication(),
    basePath: '/scim/v2',
    ...options,
  })
  return (url, init) => handle(new Request(url, init))
}

/** What becomes of one request: as it is, or what the function makes of it. */
export type Fault = (request: Request, send: () => Promise<Response>) => Promise<Response>

/** A `fetch` that keeps every request, and sends each through the first of `faults` that is still there. */
export interface Faulty {
  readonly fetch: Fetch
  readonly requests: Request[]
  readonly faults: (Fault | undefined)[]
}

/** `when` says which requests a fault is for; writes by default. */
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

/** The request was sent, but lost on its way. */
export const dropUnseen: Fault = async () => {
  throw failed('ECONNRESET', 'read')
}

/** The server does it, and its answer is lost. */
export const dropAfter: Fault = async (_request, send) => {
  await send()
  throw failed('ECONNRESET', 'read')
}

/** The same, on a connection whose other end cannot be reached any more. */
export const unreachableAfter: Fault = async (_request, send) => {
  await send()
  throw failed('EHOSTUNREACH', 'read')
}

/** The server does it, and its answer ends in the middle. */
export const cutAfter: Fault = async (_request, send) => {
  const response = await send()
  const { status, headers } = response
  return new Response((await response.text()).slice(0, 50), { status, headers })
}

/** The server does it, its status comes, and then nothing more. */
export const bodyLost: Fault = async (_request, send) => {
  const { status, headers } = await send()
  const body = new ReadableStream({ start: (controller) => controller.error(failed('ECONNRESET', 'read')) })
  return new Response(body, { status, headers })
}

/** An answer of the server's, or of something before it; nothing is done. */
export const answer =
  (status: number, headers: Readonly<Record<string, string>> = {}, body: unknown = {}): Fault =>
  async () =>
    new Response(JSON.stringify(body), { status, headers })

/** The pauses that were asked for, taken at once; `now` goes on by them. */
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
