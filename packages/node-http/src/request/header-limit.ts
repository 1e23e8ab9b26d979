import type { Socket } from 'node:net'
import { isHttp2, type NodeRequest } from '../node-message.js'

// Names and values together. Node's documentation says 2,000 fields; its parser keeps 2,000 names and values, so 1,000.
const defaultEntries = 2_000

/**
 * True if Node's parser may have dropped header fields. Beyond `server.maxHeadersCount` it drops them and reports
 * nothing; a request with exactly that many fields cannot be distinguished from one with more. Over HTTP/2 Node refuses one
 * with too many fields (`maxHeaderListPairs`).
 */
export function headersMayBeMissing(req: NodeRequest): boolean {
  if (isHttp2(req)) return false
  const socket: (Socket & { readonly server?: unknown }) | undefined = req.socket
  const limit = entryLimit(socket?.server)
  const rawHeaders: readonly string[] | undefined = req.rawHeaders
  return limit > 0 && rawHeaders !== undefined && rawHeaders.length >= limit
}

/** The maximum number of names and values that the parser of a server keeps; 0: all. */
function entryLimit(server: unknown): number {
  const fields =
    typeof server === 'object' && server !== null && 'maxHeadersCount' in server ? server.maxHeadersCount : undefined
  return typeof fields === 'number' ? fields * 2 : defaultEntries
}
