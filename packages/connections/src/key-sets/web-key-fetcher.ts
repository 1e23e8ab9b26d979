import { type FetchBounds, fetchBounds, jsonOf, type KeyFetcher } from './key-fetcher.js'

/** The settings of {@link webKeyFetcher}. */
export interface WebKeyFetcherOptions extends FetchBounds {
  /**
   * The URLs that may be read: exact ones (`https://login.example/keys`) or whole origins (`https://login.example`).
   * `fetch` does not show to which address it connects, so any other URL is refused.
   */
  readonly allow: readonly string[]
  /** Default the `fetch` of the platform. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
}

/**
 * Reads key sets with `fetch`, on Workers, Deno and Bun, from a list of permitted URLs. Throws a TypeError for an entry
 * of the list that is not a URL with https.
 * @example
 * ```ts
 * import { webKeyFetcher } from '@scimkit/connections'
 *
 * const keys = webKeyFetcher({ allow: ['https://login.microsoftonline.com'] })
 * ```
 */
export function webKeyFetcher(options: WebKeyFetcherOptions): KeyFetcher {
  const { allow, milliseconds, bytes } = { ...fetchBounds, ...options }
  const send = options.fetch ?? ((url, init) => fetch(url, init))
  const origins = new Set<string>()
  const urls = new Set<string>()
  for (const entry of allow) {
    const url = permittedUrl(entry)
    if (url === undefined) throw new TypeError(`webKeyFetcher: allow: "${entry}" is not a URL with https`)
    if (entry === url.origin || entry === `${url.origin}/`) origins.add(url.origin)
    else urls.add(url.href)
  }
  return async (text) => {
    const url = permittedUrl(text)
    if (url === undefined || !(urls.has(url.href) || origins.has(url.origin))) {
      throw new Error('The URL of the key set is not on the list of permitted URLs.')
    }
    const signal = AbortSignal.timeout(milliseconds)
    // `error` is not known to every runtime; a redirect that is not followed has no status 200.
    const response = await send(url.href, { redirect: 'manual', signal, headers: { accept: 'application/json' } })
    if (response.status !== 200) {
      await response.body?.cancel()
      throw new Error(`The key set was answered with status ${response.status}; redirects are not followed.`)
    }
    return jsonOf(await bodyOf(response, bytes))
  }
}

// http is for issuers of tests on the same machine.
function permittedUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const isLocal = url.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url.protocol !== 'https:' && !isLocal) return undefined
  return url.username === '' && url.password === '' ? url : undefined
}

async function bodyOf(response: Response, limit: number): Promise<readonly Uint8Array[]> {
  const chunks: Uint8Array[] = []
  if (response.body === null) return chunks
  const reader = response.body.getReader()
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return chunks
    size += value.length
    if (size > limit) {
      await reader.cancel()
      throw new Error(`The key set has more than ${limit} bytes.`)
    }
    chunks.push(value)
  }
}
