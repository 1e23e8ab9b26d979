import { memberOf } from './member-of.js'

// Names and values together: what Node's parser keeps unless `server.maxHeadersCount` says otherwise.
const defaultEntries = 2_000

/**
 * True if the web request was made from a request of Node whose parser may have dropped header fields: hosts such as
 * `@hono/node-server` hand Node's request over as `env.incoming`. Other platforms keep every field or refuse the request.
 */
export function headersMayBeMissing(env: unknown): boolean {
  const rawHeaders = memberOf(memberOf(env, 'incoming'), 'rawHeaders')
  if (!Array.isArray(rawHeaders)) return false
  const fields = memberOf(memberOf(memberOf(memberOf(env, 'incoming'), 'socket'), 'server'), 'maxHeadersCount')
  const limit = typeof fields === 'number' ? fields * 2 : defaultEntries
  return limit > 0 && rawHeaders.length >= limit
}
