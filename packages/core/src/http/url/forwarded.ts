/** The values that trusted proxies set for a request, in `X-Forwarded-Proto`, `-Host` and `-Prefix`. */
import type { ScimRequest } from '../adapter-interface.js'

/** How many proxies in front are trusted. */
export interface TrustedProxies {
  /** 0: none, and the headers are ignored. */
  readonly trustedProxies: number
}

/** A `trustProxy` option as a number: `true` is one proxy. Throws a TypeError for any other value. */
export function trustedProxiesFrom(option: boolean | number = false): number {
  if (typeof option === 'boolean') return option ? 1 : 0
  if (!Number.isSafeInteger(option) || option < 0) {
    throw new TypeError('options.trustProxy: expected true, false, or the number of proxies in front')
  }
  return option
}

/**
 * The value that the outermost trusted proxy has written. Each proxy adds an entry at the right or replaces the header,
 * so with n of them it is the n-th from the right; earlier entries came from the client. With fewer entries than
 * proxies one of the proxies has replaced the header: then no entry is the client's, and the first is of the outermost.
 */
export function forwarded(request: ScimRequest, { trustedProxies }: TrustedProxies, name: string): string | undefined {
  const value = trustedProxies === 0 ? undefined : request.header(name)
  if (value === undefined) return undefined
  const entries = value.split(',')
  const entry = entries[Math.max(0, entries.length - trustedProxies)]?.trim()
  return entry === '' ? undefined : entry
}
