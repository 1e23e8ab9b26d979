import { hostList } from '@scimkit/core'
import type { Command } from 'commander'
import { isLoopback } from './loopback.js'

/** The flags that decide which addresses clients are told. */
export interface HostFlags {
  readonly host: string
  readonly hosts?: readonly string[]
  readonly baseUrl?: string
}

/** The value of `--hosts`: hosts, separated by commas. Throws a TypeError for one that is none. */
export function parseHosts(text: string): readonly string[] {
  const hosts = text.split(',').map((host) => host.trim())
  hostList(hosts)
  return hosts
}

/**
 * Ends the command with a usage error if other machines can reach the server and nothing says under which name: `meta.location`
 * would follow whatever Host header a client sends.
 */
export function checkHosts({ host, hosts, baseUrl }: HostFlags, command: Command): void {
  if (isLoopback(host) || hosts !== undefined || baseUrl !== undefined) return
  command.error(
    `error: --host ${host} is open to other machines, so the server must know its own name. Give the hosts that clients use ` +
      '(--hosts scim.example,scim.example:8443), or the address of the SCIM root (--base-url https://scim.example/scim/v2).',
  )
}

/**
 * The origin that clients use, without slash at the end: that of the listening server, if it is one of the hosts, else the
 * first of them, over https behind a proxy.
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
