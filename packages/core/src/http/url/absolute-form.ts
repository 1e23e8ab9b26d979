/** The absolute form of a request target, `GET http://host/path`. @see RFC 9112 §3.2.2 */

const schemes = ['http://', 'https://']

/** Where the authority begins; undefined for a target in origin form. */
function authorityStart(target: string): number | undefined {
  // Most targets are in origin form.
  if (target.startsWith('/')) return undefined
  const lower = target.slice(0, 8).toLowerCase()
  return schemes.find((prefix) => lower.startsWith(prefix))?.length
}

function authorityEnd(target: string, start: number): number {
  const ends = ['/', '?', '#'].map((mark) => target.indexOf(mark, start)).filter((end) => end !== -1)
  return Math.min(target.length, ...ends)
}

/** Path and query of a target, which a server takes in the absolute form too, as clients send it to proxies. */
export function originForm(target: string): string {
  const start = authorityStart(target)
  if (start === undefined) return target
  const rest = target.slice(authorityEnd(target, start))
  return rest.startsWith('/') ? rest : `/${rest}`
}

/**
 * The authority of a target in absolute form, which takes precedence over the Host header; undefined in origin form.
 */
export function authorityOf(target: string): string | undefined {
  const start = authorityStart(target)
  return start === undefined ? undefined : target.slice(start, authorityEnd(target, start))
}

/** The path of a target, in either form, without the query. */
export function pathOf(target: string): string {
  const origin = originForm(target)
  const query = origin.indexOf('?')
  return query === -1 ? origin : origin.slice(0, query)
}
