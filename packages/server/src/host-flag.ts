import { hostList } from '@scimkit/core'
import type { Command } from 'commander'
import { isLoopback } from './loopback.js'

/** The flags that decide which addresses responses contain. */
export interface HostFlags {
  readonly host: string
  readonly hosts?: readonly string[]
  readonly baseUrl?: string
}

/** Parses `--hosts`: hosts, separated by commas. Throws a TypeError for an invalid host. */
export function parseHosts(text: string): readonly string[] {
  const hosts = text.split(',').map((host) => host.trim())
  hostList(hosts)
  return hosts
}

/**
 * Ends the command with a usage error if other machines can reach the server and no flag names it: `meta.location` would
 * be built from any Host header that a client sends.
 */
export function checkHosts({ host, hosts, baseUrl }: HostFlags, command: Command): void {
  if (isLoopback(host) || hosts !== undefined || baseUrl !== undefined) return
  command.error(
    `error: other machines can reach --host ${host}, so the server needs its own name. Set the hosts that clients use ` +
      '(--hosts scim.example,scim.example:8443), or the address of the SCIM root (--base-url https://scim.example/scim/v2).',
  )
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
