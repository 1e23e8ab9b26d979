/** Plain HTTP requests, to show the requests that a client in any language would send. */
import { request as send } from 'node:http'

/** A response. */
export interface Answer {
  readonly status: number
  readonly reason: string
  readonly etag: string
  readonly body: Readonly<Record<string, unknown>>
  /** The body as it was received. */
  readonly text: string
  /** Request and response in a few lines, for the output. */
  readonly lines: readonly string[]
}

/** The parts of a request besides its method and path. */
export interface Asked {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** Sends one request to the server at `base`. Rejects if there is no response. */
export type Wire = (method: string, path: string, asked?: Asked) => Promise<Answer>

/** Creates a client for plain requests. */
export function wireTo(base: string): Wire {
  return async (method, path, { headers = {}, body } = {}) => {
    const sent = body === undefined ? undefined : JSON.stringify(body)
    const { status, reason, etag, received } = await exchange(`${base}${path}`, method, headers, sent)
    const parsed = received === '' ? {} : (JSON.parse(received) as Record<string, unknown>)
    const asked = [`→ ${method} ${path}`, ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`)]
    const responseLines = [`← ${status} ${reason}`, ...(etag === '' ? [] : [`  ETag: ${etag}`])]
    return { status, reason, etag, body: parsed, text: received, lines: [...asked, ...responseLines] }
  }
}

interface Received {
  readonly status: number
  readonly reason: string
  readonly etag: string
  readonly received: string
}

function exchange(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  text: string | undefined,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    const content =
      text === undefined
        ? {}
        : { 'Content-Type': 'application/scim+json', 'Content-Length': String(Buffer.byteLength(text)) }
    const outgoing = send(url, { method, headers: { ...headers, ...content } }, (incoming) => {
      let received = ''
      incoming.setEncoding('utf8')
      incoming.on('data', (chunk: string) => {
        received += chunk
      })
      incoming.on('error', reject)
      incoming.on('end', () => {
        const { statusCode: status = 0, statusMessage: reason = '', headers: given } = incoming
        resolve({ status, reason, etag: given.etag ?? '', received })
      })
    })
    outgoing.on('error', reject)
    outgoing.end(text)
  })
}
