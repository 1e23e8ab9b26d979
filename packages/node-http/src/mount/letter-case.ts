import type { RoutedRequest } from './path-left.js'

/**
 * True if the path of a request has another letter case than the configured mount. In patterns only parameters that are
 * whole segments are supported; other patterns prove nothing.
 */
export function hasOtherCase(req: RoutedRequest, mounts: readonly unknown[]): boolean {
  const consumed = consumedOf(req).split('/')
  const written = mounts
    .flat()
    .filter((mount) => typeof mount === 'string')
    .map(segmentsOf)
  const fits = (isEqual: (segment: string, received: string) => boolean) => (mount: readonly string[]) => {
    const tail = consumed.slice(-mount.length)
    return tail.length === mount.length && mount.every((segment, i) => isEqual(segment, tail[i] ?? ''))
  }
  return !written.some(fits(isSame)) && written.some(fits(isSameButForCase))
}

function segmentsOf(mount: string): readonly string[] {
  return (mount.endsWith('/') ? mount.slice(0, -1) : mount).split('/').slice(1)
}

const isSame = (segment: string, received: string): boolean => segment.startsWith(':') || segment === received
const isSameButForCase = (segment: string, received: string): boolean =>
  segment.startsWith(':') || segment.toLowerCase() === received.toLowerCase()

// Express has `baseUrl`, connect does not.
function consumedOf({ baseUrl, originalUrl = '', url = '' }: RoutedRequest): string {
  if (baseUrl !== undefined) return baseUrl
  const [path = ''] = originalUrl.split('?', 1)
  const [left = ''] = url.split('?', 1)
  if (left === '/') return path.endsWith('/') ? path.slice(0, -1) : path
  return path.endsWith(left) ? path.slice(0, path.length - left.length) : path
}
