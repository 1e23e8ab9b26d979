/** The client options, resolved into the form with which requests are sent. */
import type { ClientOptions, Fetch } from '../client-options.js'
import { type ClientPorts, platformClientPorts } from '../client-ports.js'
import { isConnectionError } from './connection-error.js'
import { type ResourceCache, resourceCache } from './resource-cache.js'

/** The resolved client options with which requests are sent. */
export interface Wire {
  /** The base URL, without a trailing slash. */
  readonly base: string
  readonly fetch: Fetch
  readonly headers: () => Promise<Headers>
  readonly timeout: number
  readonly isNotSent: (error: unknown) => boolean
  readonly ifMatch: 'known' | false
  readonly cache: ResourceCache
  readonly ports: ClientPorts
}

/** Resolves the options. Throws a TypeError for an invalid URL, and for a URL with credentials, a query or a fragment. */
export function wireOf(baseUrl: string | URL, options: ClientOptions): Wire {
  const { resources = 10_000, characters = 8 * 1_024 * 1_024 } =
    options.cache === false ? { characters: 0 } : (options.cache ?? {})
  return {
    base: checkedBase(baseUrl),
    // Calls the global each time: `fetch` needs its `this`, and may be replaced later.
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    headers: () => headersOf(options),
    timeout: options.timeout ?? 30_000,
    isNotSent: options.isNotSent ?? isConnectionError,
    ifMatch: options.ifMatch ?? 'known',
    cache: resourceCache(resources, characters),
    ports: { ...platformClientPorts, ...options.ports },
  }
}

function checkedBase(baseUrl: string | URL): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:'
  if (url === undefined || !isWeb || url.username + url.password + url.search + url.hash !== '') {
    throw new TypeError(
      'baseUrl: expected a URL like "https://app.example/scim/v2"; pass credentials as the option `token`',
    )
  }
  return url.href.endsWith('/') ? url.href.slice(0, -1) : url.href
}

async function headersOf({ token, headers }: ClientOptions): Promise<Headers> {
  const all = new Headers(headers)
  const text = typeof token === 'function' ? await token() : token
  if (text !== undefined) all.set('Authorization', `Bearer ${text}`)
  return all
}
