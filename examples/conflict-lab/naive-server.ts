/**
 * The approach of most open-source SCIM servers: the version is compared, and a moment later the record is written. In
 * between, a concurrent writer may have passed the same comparison. Kept as small as possible.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { listen, type Served } from '../stage/serve.js'

interface Row {
  readonly version: number
  readonly document: Readonly<Record<string, unknown>>
}

/** Serves users from a map; `latency` is how many milliseconds its store takes for a read or a write. */
export async function serveNaively(latency: number): Promise<Served> {
  const rows = new Map<string, Row>()
  return listen((request, response) => {
    answer(rows, latency, request, response).catch(() => response.destroy())
  })
}

async function answer(
  rows: Map<string, Row>,
  latency: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const id = request.url?.split('/')[4] ?? ''
  const body = await bodyOf(request)
  if (request.method === 'POST') {
    const made = { version: 1, document: { ...body, id: 'ada' } }
    rows.set('ada', made)
    return send(response, 201, made)
  }
  const row = rows.get(id)
  await pause(latency)
  if (row === undefined) return send(response, 404)
  if (request.method === 'GET') return send(response, 200, row)
  // The check …
  const expected = request.headers['if-match']
  if (expected !== undefined && expected !== tagOf(row)) return send(response, 412, row)
  // … the time that the store takes …
  await pause(latency)
  // … and the write, without comparing again.
  const written = { version: row.version + 1, document: { ...body, id } }
  rows.set(id, written)
  return send(response, 200, written)
}

async function bodyOf(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text === '' ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>)
}

const tagOf = ({ version }: Row): string => `W/"${version}"`

function send(response: ServerResponse, status: number, row?: Row): void {
  response.statusCode = status
  response.setHeader('Content-Type', 'application/scim+json')
  if (row !== undefined) response.setHeader('ETag', tagOf(row))
  const document = row && { ...row.document, meta: { resourceType: 'User', version: tagOf(row) } }
  response.end(JSON.stringify(status < 400 ? document : { schemas: [errorUrn], status: String(status) }))
}

const errorUrn = 'urn:ietf:params:scim:api:messages:2.0:Error'
