/**
 * At most one element of a multi-valued attribute is primary.
 * @see RFC 7644 §3.5.2; RFC 7643 §2.4
 */
import { scimError } from '../../errors.js'
import { isObject, type JsonValue } from '../../json/value.js'
import { withKey } from '../../resource/document.js'
import { elementKey } from '../../resource/equality.js'
import type { Attribute } from '../../schema/attribute.js'

/**
 * After one operation: if it made an element primary, the others lose the flag. `after` has the elements of `before` at
 * their places, and new ones after them. Two new primaries in one operation are 400 invalidValue.
 * @see RFC 7644 §3.5.2 ("SHALL set the value of the existing attribute to false")
 */
export function keepOnePrimary(
  attribute: Attribute,
  before: readonly JsonValue[],
  after: readonly JsonValue[],
): readonly JsonValue[] {
  if (!attribute.subAttributes.has('primary')) return after
  const fresh = after.filter((element, place) => isPrimary(element) && !isPrimary(before[place]))
  if (fresh.length > 1) throw scimError.invalidValue(`${attribute.path}: only one value may be primary.`)
  const [winner] = fresh
  if (winner === undefined) return after
  const key = elementKey(attribute, winner)
  return after
    .filter((element) => element === winner || !isPrimary(element) || elementKey(attribute, element) !== key)
    .map((element) =>
      element !== winner && isObject(element) && isPrimary(element) ? withKey(element, 'primary', false) : element,
    )
}

function isPrimary(element: JsonValue | undefined): boolean {
  return isObject(element) && element.primary === true
}
