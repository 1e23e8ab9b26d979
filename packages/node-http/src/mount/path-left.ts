import type { IncomingMessage } from 'node:http'

/** The properties that Express, connect and middie add to a request; each adds only some of them. */
export interface RoutedRequest extends IncomingMessage {
  readonly originalUrl?: string
  readonly baseUrl?: string
  readonly params?: unknown
}

/**
 * The path and query of a request that remain after a router removed its mount prefix. A wildcard consumes the whole path,
 * of which the mount is only a part, so it is treated as if nothing was removed: `basePath` defines the mount.
 */
export function pathLeft(req: RoutedRequest): string {
  const { url = '/', originalUrl = url } = req
  if (url !== '/' && !url.startsWith('/?')) return url
  return tookItsPrefix(req) ? url : originalUrl
}

// Only Express exposes wildcards: their values are lists in Express 5, and have numeric names in Express 4.
function tookItsPrefix({ baseUrl, params }: RoutedRequest): boolean {
  if (baseUrl === undefined) return false
  if (typeof params !== 'object' || params === null) return true
  return !Object.entries(params).some(([name, value]) => Array.isArray(value) || name === '0')
}
