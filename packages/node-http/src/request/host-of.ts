import type { Socket } from 'node:net'
import type { NodeRequest } from '../node-message.js'
import { headerOf } from './header-of.js'

/**
 * The host of a request: `:authority` over HTTP/2, else the Host header. If both were sent and differ, the result contains
 * both, which is not a valid host, so the core refuses the request. A request of HTTP/1.0 may have no host; then the host
 * is the local address of the connection.
 * @see RFC 9110 §7.2; RFC 9112 §3.2, §3.3; RFC 9113 §8.3.1
 */
export function hostOf(req: NodeRequest): string | undefined {
  const host = headerOf(req, 'host')
  const authority = headerOf(req, ':authority')
  if (authority !== undefined) {
    return host === undefined || host.toLowerCase() === authority.toLowerCase() ? authority : `${authority}, ${host}`
  }
  return req.httpVersion === '1.0' && (host === undefined || host === '') ? localHost(req) : host
}

/** The host and port of the local address of a connection; `localhost` for a Unix domain socket. */
export function localHost(req: { readonly socket?: Partial<Socket> | undefined }): string {
  const { localAddress, localPort, encrypted }: LocalSocket = req.socket ?? {}
  if (localAddress === undefined) return 'localhost'
  const isDefault = localPort === undefined || localPort === (encrypted === true ? 443 : 80)
  return isDefault ? asHost(localAddress) : `${asHost(localAddress)}:${localPort}`
}

type LocalSocket = Partial<Pick<Socket, 'localAddress' | 'localPort'>> & { readonly encrypted?: unknown }

// A URL has an IPv6 address in brackets and without its zone, and an IPv4 address without the prefix that maps it to IPv6.
function asHost(address: string): string {
  const mapped = '::ffff:'
  if (address.startsWith(mapped) && address.includes('.')) return address.slice(mapped.length)
  return address.includes(':') ? `[${address.split('%', 1)[0]}]` : address
}
