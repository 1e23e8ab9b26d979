import { type Exchange, withHeaders } from '@scimkit/testkit'
import { viaOwnConnections } from '../workerd/via-own-connections.js'

/**
 * Two isolates as one server: requests go to them in turn, and both receive the first one's host, so that their
 * responses are identical. The memory of one isolate must never be needed for a correct response, nor prevent one.
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
