/**
 * Whether a resource matches a filter. This is the meaning of filters; a store that compiles them must agree with it.
 *
 * Logic has two values. A comparison holds if any value of the attribute satisfies it. With no value at all it is
 * false, except `ne` against a value and `eq null`. A term on an unknown attribute is false. `not` turns either round.
 * @see RFC 7644 §3.4.2.2
 */
import { isArray, isObject, type JsonObject, type JsonValue } from '../json.js'
import type { Attribute } from '../schema/attribute.js'
import type { CompareFilter, CompareOperator, Filter, KnownPath } from './ast.js'
import { compareKeys, keyOf, searchedText } from './compare-key.js'
import { own } from './own.js'
import { isSensitive } from './sensitive.js'

/**
 * True if the resource matches. It must show what the filter asks for: `members`, `groups` and `meta` too.
 * @see RFC 7644 §3.4.2.2
 */
export function evaluate(filter: Filter, resource: JsonObject): boolean {
  return holds(filter, inResource(resource))
}

/**
 * True if one element of an attribute matches a filter from between brackets.
 * @see RFC 7644 §3.4.2.2 and §3.5.2 (`valuePath`)
 */
export function evaluateElement(filter: Filter, element: JsonValue): boolean {
  return holds(filter, inElement(element))
}

/** Asks whether some value at the path passes the test. */
type SomeValue = (path: KnownPath, test: (value: JsonValue) => boolean) => boolean

function holds(filter: Filter, some: SomeValue): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.terms.every((term) => holds(term, some))
    case 'or':
      return filter.terms.some((term) => holds(term, some))
    case 'not':
      return !holds(filter.term, some)
    case 'present':
      return filter.path.known && isPresent(filter.path, some)
    case 'compare':
      return filter.path.known && compares(filter, filter.path, some)
    case 'valuePath':
      return filter.path.known && some(filter.path, (element) => evaluateElement(filter.filter, element))
  }
}

function compares(filter: CompareFilter, path: KnownPath, some: SomeValue): boolean {
  if (filter.key === null) return isPresent(path, some) === (filter.operator === 'ne')
  const test = testOf(filter.operator, path.compared, filter.key)
  return some(path, test) || (filter.operator === 'ne' && !some(path, () => true))
}

function testOf(
  operator: CompareOperator,
  compared: Attribute | undefined,
  key: string | number | boolean,
): (value: JsonValue) => boolean {
  if (compared === undefined) return () => false
  const keyed = (value: JsonValue): string | number | boolean | undefined => keyOf(compared, value)
  const text = (value: JsonValue): string | undefined => searchedText(compared, value)
  const order = (value: JsonValue): number => orderOf(keyed(value), key)
  const part = String(key)
  switch (operator) {
    case 'eq':
      return (value) => keyed(value) === key
    case 'ne':
      return (value) => keyed(value) !== key
    case 'co':
      return (value) => text(value)?.includes(part) ?? false
    case 'sw':
      return (value) => text(value)?.startsWith(part) ?? false
    case 'ew':
      return (value) => text(value)?.endsWith(part) ?? false
    case 'gt':
      return (value) => order(value) > 0
    case 'ge':
      return (value) => order(value) >= 0
    case 'lt':
      return (value) => order(value) < 0
    case 'le':
      return (value) => order(value) <= 0
  }
}

// NaN, which is neither above nor below nor equal, for a value that has no key.
function orderOf(left: string | number | boolean | undefined, right: string | number | boolean): number {
  return left === undefined ? Number.NaN : compareKeys(left, right)
}

function isPresent(path: KnownPath, some: SomeValue): boolean {
  const leaf = path.sub ?? path.attribute
  return some(path, (value) => (leaf ? hasContent(leaf, value) : partsHaveContent(path.extension?.attributes, value)))
}

// "" , [] and objects of such things are no content (RFC 7643 §2.5). Nor are secrets: `pr` must not betray them.
function hasContent(attribute: Attribute, value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === '' || isSensitive(attribute)) return false
  if (isArray(value)) return value.some((element) => hasContent(attribute, element))
  return attribute.type !== 'complex' || partsHaveContent(attribute.subAttributes, value)
}

function partsHaveContent(parts: ReadonlyMap<string, Attribute> | undefined, value: JsonValue): boolean {
  if (parts === undefined || !isObject(value)) return false
  for (const part of parts.values()) if (hasContent(part, own(value, part.name))) return true
  return false
}

function inResource(resource: JsonObject): SomeValue {
  return (path, test) => {
    const holder = path.extension === undefined ? resource : own(resource, path.extension.id)
    if (!isObject(holder)) return false
    if (path.attribute === undefined) return test(holder)
    const value = own(holder, path.attribute.name)
    if (path.sub === undefined) return someOf(value, test)
    const { name } = path.sub
    return someOf(value, (element) => isObject(element) && someOf(own(element, name), test))
  }
}

function inElement(element: JsonValue): SomeValue {
  return (path, test) => {
    if (path.sub === undefined) return someOf(element, test)
    return isObject(element) && someOf(own(element, path.sub.name), test)
  }
}

function someOf(value: JsonValue | undefined, test: (value: JsonValue) => boolean): boolean {
  if (value === undefined || value === null) return false
  return isArray(value) ? value.some((element) => element !== null && test(element)) : test(value)
}
