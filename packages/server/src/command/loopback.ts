import { isIPv4 } from 'node:net'

/** True for an address that only this machine can reach: `localhost`, 127.0.0.0/8, `::1`. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase()
  const address = name.startsWith('::ffff:') ? name.slice('::ffff:'.length) : name
  return name === 'localhost' || name === '::1' || (isIPv4(address) && address.startsWith('127.'))
}
