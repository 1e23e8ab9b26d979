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
