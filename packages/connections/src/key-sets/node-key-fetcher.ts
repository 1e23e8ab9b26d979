import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { type FetchBounds, fetchBounds, jsonOf, type KeyFetcher } from './key-fetcher.js'
import { isLoopback, isPublicAddress } from './public-address.js'

/** The settings of {@link nodeKeyFetcher}. */
export interface NodeKeyFetcherOptions extends FetchBounds {
  /** Permits private, local and reserved addresses: for issuers inside the own network. Default false. */
  readonly allowPrivate?: boolean
  /** Permits http on addresses of this machine: for tests. Default false. */
  readonly allowHttpLoopback?: boolean
  /** Resolves names. Default `dns.lookup`. */
  readonly lookup?: (
    host: string,
    options: LookupOptions & { readonly all: true },
    done: (error: Error | null, addresses: LookupAddress[]) => void,
  ) => void
}

/**
 * Reads key sets on Node. A customer types their URLs, so the address is checked where the connection is made: a name
 * that resolves to another address a moment later cannot pass.
 * @example
 * ```ts
 * import { nodeKeyFetcher } from '@scimkit/connections/node'
 *
 * const keys = nodeKeyFetcher()
 * ```
 */
export function nodeKeyFetcher(options: NodeKeyFetcherOptions = {}): KeyFetcher {
  const { milliseconds, bytes } = { ...fetchBounds, ...options }
  const { allowPrivate = false, allowHttpLoopback = false } = options
  const isAllowed = (address: string, isHttp: boolean): boolean =>
    isHttp ? isLoopback(address) : allowPrivate || isPublicAddress(address)

  return async (text) => {
    const url = new URL(text)
    const isHttp = url.protocol === 'http:'
    if (url.protocol !== 'https:' && !(isHttp && allowHttpLoopback)) throw new Error('The URL must have https.')
    if (url.username !== '' || url.password !== '') throw new Error('The URL must not contain credentials.')
    const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname
    // For a host that is an address, Node resolves nothing and calls no lookup.
    if (isIP(host) !== 0 && !isAllowed(host, isHttp)) throw refusedAddress()

    const checkedLookup: LookupFunction = (name, lookupOptions, done) => {
      const resolve = options.lookup ?? lookup
      resolve(name, { ...lookupOptions, all: true }, (error, addresses) => {
        if (error !== null) return done(error, [])
        if (addresses.length === 0 || !addresses.every(({ address }) => isAllowed(address, isHttp))) {
          return done(refusedAddress(), [])
        }
        const [first] = addresses
        return lookupOptions.all === true ? done(null, addresses) : done(null, first?.address ?? '', first?.family)
      })
    }
    const signal = AbortSignal.timeout(milliseconds)
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const send = isHttp ? requestHttp : requestHttps
      // A connection of its own: one that is kept could have been made to another address.
      const settings = { agent: false, lookup: checkedLookup, signal, headers: { accept: 'application/json' } } as const
      send(url, settings, resolve).on('error', reject).end()
    })
    return jsonOf(await bodyOf(response, bytes))
  }
}

async function bodyOf(response: IncomingMessage, limit: number): Promise<readonly Uint8Array[]> {
  if (response.statusCode !== 200) {
    response.destroy()
    throw new Error(`The key set was answered with status ${response.statusCode}; redirects are not followed.`)
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response) {
    if (!(chunk instanceof Uint8Array)) throw new Error('The body is not bytes.')
    size += chunk.length
    if (size > limit) throw new Error(`The key set has more than ${limit} bytes.`)
    chunks.push(chunk)
  }
  return chunks
}

function refusedAddress(): Error {
  return new Error('The host of the URL has a private, local or reserved address.')
}
