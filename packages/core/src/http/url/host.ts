/** Host names, and the list of hosts that a server answers for. @see RFC 9110 §7.2, RFC 3986 §3.2.2 */
import { consistsOf, isDigits, isLetter } from '../../ascii.js'

/** A Host header, taken apart. */
interface HostAndPort {
  /** Lower case; an IPv6 address with its brackets. */
  readonly name: string
  readonly port: string | undefined
}

/** True for `uri-host [ ":" port ]`: a name of labels, an IPv4 address, or an IPv6 address in brackets. */
export function isHost(host: string): boolean {
  return hostAndPort(host) !== undefined
}

function hostAndPort(host: string): HostAndPort | undefined {
  if (host.length > 260) return undefined
  const colon = host.indexOf(':', host.startsWith('[') ? Math.max(0, host.indexOf(']')) : 0)
  const name = (colon === -1 ? host : host.slice(0, colon)).toLowerCase()
  const port = colon === -1 ? undefined : host.slice(colon + 1)
  const isName = name.startsWith('[') ? isBracketedIpv6(name) : isIpv4(name) || isDomainName(name)
  return isName && (port === undefined || isPort(port)) ? { name, port } : undefined
}

// Labels of 1 to 63 characters with a dot between them, and one at the end if the name is fully qualified. Host names
// have no underscore, but names of containers do. A last label of digits would be an IPv4 address (WHATWG URL).
function isDomainName(name: string): boolean {
  const labels = (name.endsWith('.') ? name.slice(0, -1) : name).split('.')
  const areLabels = labels.every(
    (label) =>
      label !== '' && label.length <= 63 && consistsOf(label, '-_') && !label.startsWith('-') && !label.endsWith('-'),
  )
  return areLabels && name.length <= 254 && !isDigits(labels.at(-1) ?? '')
}

function isIpv4(name: string): boolean {
  const parts = name.split('.')
  return parts.length === 4 && parts.every(isOctet)
}

function isOctet(text: string): boolean {
  return isDigits(text) && text.length <= 3 && Number(text) <= 255 && String(Number(text)) === text
}

function isBracketedIpv6(name: string): boolean {
  return name.endsWith(']') && isIpv6(name.slice(1, -1))
}

// Eight groups of up to four hexadecimal digits, the last two of which may be an IPv4 address; `::` is one or more groups of 0.
function isIpv6(text: string): boolean {
  const halves = text.split('::')
  if (halves.length > 2) return false
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')))
  const all = groups.flat()
  const last = all.at(-1) ?? ''
  const endsInIpv4 = last.includes('.') && groups.at(-1)?.at(-1) === last
  const hexadecimal = endsInIpv4 ? all.slice(0, -1) : all
  if (endsInIpv4 && !isIpv4(last)) return false
  if (!hexadecimal.every(isHexadecimalGroup)) return false
  const count = hexadecimal.length + (endsInIpv4 ? 2 : 0)
  return halves.length === 2 ? count <= 7 : count === 8
}

function isHexadecimalGroup(text: string): boolean {
  if (text.length === 0 || text.length > 4 || !consistsOf(text, '')) return false
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // a to f is 0x61 to 0x66; the name is in lower case.
    if (isLetter(unit) && unit > 0x66) return false
  }
  return true
}

function isPort(port: string): boolean {
  return port.length <= 5 && isDigits(port) && Number(port) <= 65_535
}

/** True if a Host, as received over `scheme`, is one that a server answers for. */
export type HostList = (host: string, scheme: string) => boolean

/**
 * Compiles a list of hosts: `app.example`, `app.example:8443`, `*.example.com` (any name below `example.com`, not
 * itself). Upper and lower case are the same; the default port of the scheme is the same as none. Throws a TypeError
 * for an empty list, and for an invalid entry.
 */
export function hostList(entries: readonly string[]): HostList {
  if (!Array.isArray(entries) || entries.length === 0) {
    throw new TypeError('options.hosts: expected a list of hosts like "app.example"')
  }
  const allowed = entries.map(entryOf)
  return (host, scheme) => {
    const asked = hostAndPort(host)
    return asked !== undefined && allowed.some((entry) => isSameHost(entry, asked, scheme))
  }
}

interface HostEntry extends HostAndPort {
  readonly below: boolean
}

function entryOf(text: string): HostEntry {
  const below = typeof text === 'string' && text.startsWith('*.')
  const parsed = typeof text === 'string' ? hostAndPort(below ? text.slice(2) : text) : undefined
  if (parsed === undefined || (below && (parsed.name.startsWith('[') || isIpv4(parsed.name)))) {
    throw new TypeError(`options.hosts: expected a host like "app.example:8443" or "*.example.com", got "${text}"`)
  }
  return { ...parsed, below }
}

function isSameHost(entry: HostEntry, asked: HostAndPort, scheme: string): boolean {
  if (portOf(entry, scheme) !== portOf(asked, scheme)) return false
  return entry.below ? asked.name.endsWith(`.${entry.name}`) : asked.name === entry.name
}

function portOf({ port }: HostAndPort, scheme: string): number {
  return port === undefined ? (scheme === 'https' ? 443 : 80) : Number(port)
}
