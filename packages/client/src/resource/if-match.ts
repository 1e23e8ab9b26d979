/** The precondition of a write. @see RFC 7644 §3.14; RFC 9110 §13.1.1 */
import { isEntityTag, versionIn } from '../wire/entity-tag.js'
import type { Wire } from '../wire/wire.js'

/**
 * The tag that a write sends as `If-Match`: the requested one, else the version of the resource passed in, else the last
 * tag received. Throws a TypeError for a text that is not a tag.
 */
export function expectedTag(
  wire: Wire,
  path: string,
  asked: string | false | undefined,
  inHand: readonly unknown[],
): string | undefined {
  const wish = asked ?? wire.ifMatch
  if (wish === false) return undefined
  if (wish === 'known') {
    return inHand.map(versionIn).find((tag) => tag !== undefined) ?? wire.cache.tagOf(path)
  }
  // A server may ignore a field that it cannot read, and would then write without a condition.
  if (wish !== '*' && !isEntityTag(wish)) throw new TypeError('ifMatch: expected one tag with its quotes, W/"…"')
  return wish
}
