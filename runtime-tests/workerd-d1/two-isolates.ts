import { type Exchange, withHeaders } from '@scimkit/testkit'
import { viaOwnConnections } from '../workerd/via-own-connections.js'

/**
 * Two isolates as one server: requests go to them in turn, and both are told the first one's host, so that their
 * answers are alike. What one isolate remembers must never be needed for a right answer, nor stand in its way.
 */
export function twoIsolates(urls: readonly [URL, URL], path: string): Exchange {
  const [first, second] = urls.map((url) => viaOwnConnections(`${url.origin}${path}`))
  if (first === undefined || second === undefined) throw new Error('expected two isolates')
  const ways = [first, withHeaders(second, { Host: urls[0].host })] as const
  let turn = 0
  return (request) => {
    turn = 1 - turn
    return ways[turn === 1 ? 0 : 1](request)
  }
}
