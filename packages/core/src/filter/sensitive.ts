import { type ScimError, scimError } from '../errors.js'
import type { Attribute, AttributePath } from '../schema/attribute.js'
import { hasUnreadable } from '../schema/restrict-type.js'

/**
 * True for an attribute that no response ever shows: to any caller, or to this one. A filter on it would reveal its
 * value.
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
    if (attribute === undefined || !(isSensitive(attribute) || isGuarded(attribute))) continue
    throw sensitive(attribute.path)
  }
}

/**
 * The same for a question about an attribute or an extension as a whole, such as `pr`: the answer would depend on parts
 * that the caller may not read.
 */
export function refuseSensitiveParts({ attribute, sub, extension }: AttributePath): void {
  if (sub !== undefined) return
  if (attribute?.unreadable === 'part') throw sensitive(attribute.path)
  if (attribute === undefined && extension !== undefined && hasUnreadable(extension)) throw sensitive(extension.id)
}

/** The same for a sort, which takes the primary element of a list: a part that the caller may not read could decide. */
export function refuseSensitiveSort(path: AttributePath): void {
  refuseSensitive(path)
  if (path.attribute?.multiValued && path.attribute.unreadable !== undefined) throw sensitive(path.text)
  refuseSensitiveParts(path)
}

// A simple attribute that is shown, and that may not be asked about.
function isGuarded({ unreadable, type }: Attribute): boolean {
  return unreadable === 'part' && type !== 'complex'
}

/** The 403 of a condition on this attribute. */
export function sensitive(path: string): ScimError {
  return scimError.sensitive(`The attribute "${path}" cannot be searched, sorted or filtered by.`)
}
