import type { IncomingMessage } from 'node:http'

/** What Express, connect and middie add to a request: each a part of it, none all of it. */
export interface RoutedRequest extends IncomingMessage {
  readonly originalUrl?: string
  readonly baseUrl?: string
  readonly params?: unknown
}

/**
 * The path and query that a router has left of a request after taking its own prefix off. A wildcard takes the whole path,
 * of which the prefix is but a part, so it counts as having taken nothing: a `basePath` says how much of it is the mount.
 */
export function pathLeft(req: RoutedRequest): string {
  const { url = '/', originalUrl = url } = req
  if (url !== '/' && !url.startsWith('/?')) return url
  return tookItsPrefix(req) ? url : originalUrl
}

// Only Express says whether it was a wildcard: its values are lists in Express 5, and have numbers for names in Express 4.
function tookItsPrefix({ baseUrl, params }: RoutedRequest): boolean {
  if (baseUrl === undefined) return false
  if (typeof params !== 'object' || params === null) return true
  return !Object.entries(params).some(([name, value]) => Array.isArray(value) || name === '0')
}
