import { once } from 'node:events'
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from 'node:http2'

/** A response over HTTP/2. */
export interface Http2Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Requests over one HTTP/2 connection. */
export interface Http2Client {
  readonly session: ClientHttp2Session
  send(
    method: string,
    path: string,
    headers?: Readonly<Record<string, string>>,
    body?: string | Buffer,
  ): Promise<Http2Answer>
  /** Starts a request whose body the caller writes. */
  open(method: string, path: string, headers?: Readonly<Record<string, string>>): ClientHttp2Stream
}

/** Connects to `http://` (prior knowledge) or `https://` (a self-signed certificate is accepted). */
export function http2Client(origin: string): Http2Client {
  const session = connect(origin, { rejectUnauthorized: false }).on('error', () => undefined)
  const open: Http2Client['open'] = (method, path, headers = {}) =>
    session.request({ ':method': method, ':path': path, ...headers }, { endStream: false }).on('error', () => undefined)
  return {
    session,
    open,
    async send(method, path, headers = {}, body) {
      const stream =
        body === undefined
          ? session.request({ ':method': method, ':path': path, ...headers }, { endStream: true })
          : open(method, path, headers)
      if (body !== undefined) stream.end(body)
      return answerOf(stream)
    },
  }
}

/** The response on a stream; rejects if it ended without one. */
export async function answerOf(stream: ClientHttp2Stream): Promise<Http2Answer> {
  let body = ''
  stream.setEncoding('utf8').on('data', (part: string) => {
    body += part
  })
  const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders & { readonly ':status'?: number }]
  if (!stream.readableEnded) await once(stream, 'end')
  return { status: headers[':status'] ?? 0, headers, body }
}
