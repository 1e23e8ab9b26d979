import { memberOf } from './member-of.js'

// Names and values together: the number that Node's parser keeps unless `server.maxHeadersCount` is set.
const defaultEntries = 2_000

/**
 * True if the web request was created from a request of Node whose parser may have dropped header fields: hosts such as
 * `@hono/node-server` pass Node's request as `env.incoming`. Other platforms keep every field or reject the request.
 */
export function headersMayBeMissing(env: unknown): boolean {
  const rawHeaders = memberOf(memberOf(env, 'incoming'), 'rawHeaders')
  if (!Array.isArray(rawHeaders)) return false
  const fields = memberOf(memberOf(memberOf(memberOf(env, 'incoming'), 'socket'), 'server'), 'maxHeadersCount')
  const limit = typeof fields === 'number' ? fields * 2 : defaultEntries
  return limit > 0 && rawHeaders.length >= limit
}
