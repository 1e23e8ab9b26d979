import { scimError } from '../errors.js'
import type { Attribute, AttributePath } from '../schema/attribute.js'

/**
 * True for an attribute that no response ever shows. A filter on it would reveal its value.
 * @see RFC 7643 §2.2 (`returned: never`, `mutability: writeOnly`)
 */
export function isSensitive(attribute: Attribute): boolean {
  return attribute.returned === 'never' || attribute.mutability === 'writeOnly'
}

/**
 * Ends the request with 403 `sensitive` if the path leads to, or into, a sensitive attribute. For filters, `sortBy`
 * and value paths alike. A search sent by POST has nothing sensitive in its URL: there the caller says 400 instead.
 * @see RFC 7644 §3.12, table 9; §7.5.2
 */
export function refuseSensitive(path: AttributePath): void {
  for (const attribute of [path.attribute, path.sub]) {
    if (attribute === undefined || !isSensitive(attribute)) continue
    throw scimError.sensitive(`The attribute "${attribute.path}" cannot be searched, sorted or filtered by.`)
  }
}
