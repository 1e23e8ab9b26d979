import { isHttp2, type NodeRequest } from '../node-message.js'

// The fields of which Node's HTTP/1.1 parser keeps only the first value; it joins the values of all others.
const firstOnly: ReadonlySet<string> = new Set([
  'age',
  'authorization',
  'content-length',
  'content-type',
  'etag',
  'expires',
  'from',
  'host',
  'if-modified-since',
  'if-unmodified-since',
  'last-modified',
  'location',
  'max-forwards',
  'proxy-authorization',
  'referer',
  'retry-after',
  'server',
  'user-agent',
])

/**
 * A header by lower-case name, the values of a repeated one joined by `, `. Node drops the second of two `Authorization`,
 * `Host` or `Content-Type` fields, and over HTTP/2 of two `If-Match` fields too; they are joined here, so that the core
 * sees all of them. A header that a middleware removed or replaced in `req.headers` stays removed or replaced.
 */
export function headerOf(req: NodeRequest, name: string): string | undefined {
  const value = req.headers[name]
  if (value === undefined) return undefined
  const text = typeof value === 'string' ? value : String(value)
  if (!isHttp2(req) && !firstOnly.has(name)) return text
  const sent = valuesIn(req.rawHeaders, name)
  return sent.length > 1 && sent[0] === text ? sent.join(', ') : text
}

// Not `headersDistinct`: it parses all fields to read one, and requests over HTTP/2 do not have it.
function valuesIn(rawHeaders: readonly string[] | undefined, name: string): readonly string[] {
  const values: string[] = []
  for (let i = 0; rawHeaders !== undefined && i + 1 < rawHeaders.length; i += 2) {
    const field = rawHeaders[i]
    if (field?.length === name.length && field.toLowerCase() === name) values.push(rawHeaders[i + 1] ?? '')
  }
  return values
}
