import { isArray, isObject, type JsonObject, type JsonValue, own } from '../../json/value.js'
import type { AttributePath } from '../../schema/attribute.js'
import { type CompareKey, keyOf } from '../../schema/value-key.js'
import { compareKeys } from './compare-key.js'

/**
 * The sort key of a resource: the value at the path; of several elements the primary one's, else the first one's; of a
 * complex attribute without sub-attribute its `value`. Undefined if there is none.
 * @see RFC 7644 §3.4.2.3; RFC 7643 §2.4 (`primary`)
 */
export function sortKeyOf(path: AttributePath, resource: JsonObject): CompareKey | undefined {
  const holder = path.extension === undefined ? resource : own(resource, path.extension.id)
  if (path.attribute === undefined || !isObject(holder)) return undefined
  const element = chosen(own(holder, path.attribute.name))
  if (path.attribute.type !== 'complex') return element === undefined ? undefined : keyOf(path.attribute, element)
  const part = path.sub ?? path.attribute.subAttributes.get('value')
  if (part === undefined || !isObject(element)) return undefined
  const value = chosen(own(element, part.name))
  return value === undefined ? undefined : keyOf(part, value)
}

/**
 * Orders sort keys. A resource without one comes last, and first when descending.
 * @see RFC 7644 §3.4.2.3
 */
export function compareSortKeys(
  left: CompareKey | undefined,
  right: CompareKey | undefined,
  descending: boolean,
): number {
  const ascending = ascendingOrder(left, right)
  return descending ? -ascending : ascending
}

function ascendingOrder(left: CompareKey | undefined, right: CompareKey | undefined): number {
  if (left !== undefined && right !== undefined) return compareKeys(left, right)
  return Number(left === undefined) - Number(right === undefined)
}

function chosen(value: JsonValue | undefined): JsonValue | undefined {
  if (!isArray(value)) return value
  return value.find((element) => isObject(element) && own(element, 'primary') === true) ?? value[0]
}
