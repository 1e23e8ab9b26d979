/** Requests to an application that is killed and started again. */
import { setTimeout as pause } from 'node:timers/promises'

/** A response. */
export interface Response {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** What a request has besides its method and path. */
export interface Request {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** Sends one request, and waits while the application does not run. Undefined if there was no response: the outcome is unknown. */
export type Send = (method: string, path: string, request?: Request) => Promise<Response | undefined>

const patience = 20_000

/** Requests to the URL that `url` returns at that moment; undefined while the application does not run. */
export function requestsTo(url: () => string | undefined): Send {
  return async (method, path, { headers = {}, body } = {}) => {
    let base = url()
    while (base === undefined) {
      await pause(10)
      base = url()
    }
    try {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: { ...headers, ...(body !== undefined && { 'Content-Type': 'application/scim+json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(patience),
      })
      const text = await response.text()
      return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Response['body']) }
    } catch {
      return undefined
    }
  }
}

/** Repeats a request until there is a response. For requests that may be repeated. */
export async function responseTo(
  send: Send,
  method: string,
  path: string,
  request?: Request,
  onUnknown: () => unknown = () => {},
): Promise<Response> {
  for (;;) {
    const response = await send(method, path, request)
    if (response !== undefined && response.status !== 503) return response
    await onUnknown()
    await pause(10)
  }
}
