/** The absolute URL that locations start with, computed per request and never stored (decision 12). */
import { consistsOf, isDigits } from '../ascii.js'
import { scimError } from '../errors.js'
import type { ScimRequest } from './message.js'

/** Where a server is told to be. */
export interface BaseUrlOptions {
  readonly baseUrl: string | undefined
  readonly trustProxy: boolean
}

/** The base URL of a request, without a slash at the end. Throws 400 if it must come from a Host that is no host. */
export function baseUrlOf(request: ScimRequest, options: BaseUrlOptions): string {
  if (options.baseUrl !== undefined) return options.baseUrl
  const scheme = forwarded(request, options, 'x-forwarded-proto') ?? request.scheme
  const host = forwarded(request, options, 'x-forwarded-host') ?? request.host
  const prefix = forwarded(request, options, 'x-forwarded-prefix') ?? ''
  if (scheme !== 'http' && scheme !== 'https') throw scimError.badRequest('X-Forwarded-Proto must be http or https.')
  if (host === undefined || !isHost(host)) throw scimError.badRequest('The Host header is missing or is no host name.')
  return `${scheme}://${host}${safePrefix(prefix)}${request.mount}`
}

// Nearest proxy last; the first entry is what the client asked for.
function forwarded(request: ScimRequest, { trustProxy }: BaseUrlOptions, name: string): string | undefined {
  const value = trustProxy ? request.header(name) : undefined
  const first = value?.split(',', 1)[0]?.trim()
  return first === '' ? undefined : first
}

function safePrefix(prefix: string): string {
  const trimmed = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix
  if (trimmed === '') return ''
  if (
    !trimmed.startsWith('/') ||
    trimmed.startsWith('//') ||
    !consistsOf(trimmed, '/-._~%') ||
    trimmed.split('/').includes('..')
  ) {
    throw scimError.badRequest('X-Forwarded-Prefix must be a path.')
  }
  return trimmed
}

// uri-host [ ":" port ] (RFC 9110 §7.2); an IPv6 address stands in brackets.
function isHost(host: string): boolean {
  if (host.length > 255) return false
  const end = host.startsWith('[') ? host.indexOf(']') + 1 : indexOrEnd(host, ':')
  const name = host.slice(0, end)
  const port = host.slice(end)
  const isName = name.startsWith('[') ? name.length > 2 && consistsOf(name.slice(1, -1), '.:') : consistsOf(name, '-._')
  return name.length > 0 && isName && (port === '' || isPort(port))
}

function indexOrEnd(text: string, mark: string): number {
  const index = text.indexOf(mark)
  return index === -1 ? text.length : index
}

function isPort(port: string): boolean {
  const digits = port.slice(1)
  return port.startsWith(':') && digits.length <= 5 && isDigits(digits) && Number(digits) <= 65_535
}

/** A `baseUrl` option, checked at start: an absolute http(s) URL; the slash at its end is dropped. Throws a TypeError. */
export function checkedBaseUrl(url: string): string {
  const scheme = ['https://', 'http://'].find((prefix) => url.startsWith(prefix))
  if (scheme === undefined || url.length === scheme.length || !consistsOf(url, ':/[]-._~%')) {
    throw new TypeError(`baseUrl: expected an absolute URL like "https://app.example/scim/v2", got "${url}"`)
  }
  return url.endsWith('/') ? url.slice(0, -1) : url
}
