import { connect } from 'node:net'
import type { WireRequest } from './requests.js'

/** A response: the relevant header lines, and the bytes. */
export interface WireAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Sends a request byte for byte over a new connection, and reads until the response is complete. Not with an HTTP client,
 * because HTTP clients correct or refuse some requests.
 */
export function sendRaw(port: number, request: WireRequest): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      for (const part of partsOf(request)) socket.write(part)
    })
    let received = Buffer.alloc(0)
    const settle = (ended: boolean): void => {
      const answer = parse(received, request.method, ended)
      if (answer === undefined && !ended) return
      clearTimeout(giveUp)
      socket.destroy()
      if (answer === undefined)
        reject(new Error(`no response to ${request.method} ${request.target}: ${received.toString('latin1')}`))
      else resolve(answer)
    }
    const giveUp = setTimeout(() => settle(true), 10_000)
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      settle(false)
    })
    socket.on('error', () => settle(true))
    socket.on('end', () => settle(true))
  })
}

function partsOf({ method, target, headers, body, chunk }: WireRequest): readonly Buffer[] {
  const lines = headers.map(([name, value]) => `${name}: ${value}`)
  const head = Buffer.from(`${[`${method} ${target} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`, 'latin1')
  if (body === undefined) return [head]
  if (chunk === undefined) return [head, Buffer.from(body)]
  const parts = [head]
  // A megabyte in chunks of one byte would only slow down the test.
  const size = Math.max(chunk, Math.ceil(body.length / 1_000))
  for (let at = 0; at < body.length; at += size) {
    const piece = body.subarray(at, at + size)
    parts.push(Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]))
  }
  return [...parts, Buffer.from('0\r\n\r\n')]
}

function parse(received: Buffer, method: string, ended: boolean): WireAnswer | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const [statusLine = '', ...lines] = received.subarray(0, end).toString('latin1').split('\r\n')
  const status = Number(statusLine.split(' ')[1])
  const rest = received.subarray(end + 4)
  if (status === 100) return parse(rest, method, ended)
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value
  }
  const body = bodyOf(rest, headers, method === 'HEAD' || status === 204 || status === 304, ended)
  return body === undefined ? undefined : { status, headers, body }
}

function bodyOf(
  rest: Buffer,
  headers: Readonly<Record<string, string>>,
  none: boolean,
  ended: boolean,
): string | undefined {
  if (none) return rest.toString('latin1')
  if (headers['transfer-encoding'] === 'chunked') return dechunked(rest)
  const length = headers['content-length']
  if (length === undefined) return ended ? rest.toString('latin1') : undefined
  return rest.length >= Number(length) ? rest.toString('latin1') : undefined
}

function dechunked(rest: Buffer): string | undefined {
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const line = rest.indexOf('\r\n', at)
    if (line === -1) return undefined
    const size = Number.parseInt(rest.subarray(at, line).toString('latin1'), 16)
    const start = line + 2
    if (rest.length < start + size + 2) return undefined
    if (size === 0) return Buffer.concat(parts).toString('latin1')
    parts.push(rest.subarray(start, start + size))
    at = start + size + 2
  }
}
