/** The scheme, host and port of the server in URLs. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostList } from '@scimkit/core'

/** The origin of a listening server as this machine reaches it, without slash at the end. */
export function originOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo
  if (host === '0.0.0.0' || host === '::') return `http://localhost:${port}`
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/**
 * The origin that clients use, without slash at the end: that of the listening server if it is one of the hosts, else the
 * first host, with https behind a proxy.
 */
export function originForClients(
  listening: string,
  { hosts, trustProxy }: { readonly hosts?: readonly string[]; readonly trustProxy: boolean | number },
): string {
  const own = listening.slice(listening.indexOf('://') + 3)
  const named = hosts?.find((host) => !host.startsWith('*.'))
  if (hosts === undefined || named === undefined || hostList(hosts)(own, 'http')) return listening
  return `${Number(trustProxy) > 0 ? 'https' : 'http'}://${named}`
}
