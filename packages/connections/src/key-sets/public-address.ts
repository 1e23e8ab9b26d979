/** Which IP addresses are those of public hosts. @see RFC 6890, RFC 6052, RFC 4291 §2.5.5 */
import { BlockList, isIP } from 'node:net'

const notPublic = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // With 169.254.169.254, where clouds keep the credentials of a machine.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // The metadata address of Azure's hosts.
  ['168.63.129.16', 32],
] as const) {
  notPublic.addSubnet(network, bits, 'ipv4')
}

const publicV6 = new BlockList()
// Global unicast addresses; all others are local, mapped, translated (64:ff9b::/96), multicast or reserved.
publicV6.addSubnet('2000::', 3, 'ipv6')

const notPublicV6 = new BlockList()
for (const [network, bits] of [
  // Teredo, 6to4 and others of RFC 6890: an IPv4 address can be inside.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  notPublicV6.addSubnet(network, bits, 'ipv6')
}

/** True for an address of a public host; false for all others, and for a text that is no address. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !notPublic.check(address, 'ipv4')
    case 6:
      return publicV6.check(address, 'ipv6') && !notPublicV6.check(address, 'ipv6')
    default:
      return false
  }
}

/** True for an address of this machine. */
export function isLoopback(address: string): boolean {
  return address === '::1' || (isIP(address) === 4 && address.startsWith('127.'))
}
