/**
 * Whether a resource matches a filter. This is the meaning of filters; a store that compiles them must agree with it.
 *
 * Logic has two values. A comparison holds if any value of the attribute satisfies it. With no value at all it is
 * false, except `ne` against a value and `eq null`. A term on an unknown attribute is false. `not` turns either round.
 * @see RFC 7644 §3.4.2.2
 */
import { isArray, isObject, type JsonObject, type JsonValue, own } from '../json.js'
import type { Attribute } from '../schema/attribute.js'
import { type CompareKey, keyOf } from '../schema/value-key.js'
import type { CompareFilter, CompareOperator, Filter, KnownPath } from './ast.js'
import { compareKeys, searchedText } from './compare-key.js'
import { isSensitive } from './sensitive.js'

/**
 * True if the resource matches. It must show what the filter asks for: `members`, `groups` and `meta` too.
 * @see RFC 7644 §3.4.2.2
 */
export function evaluate(filter: Filter, resource: JsonObject): boolean {
  return matcherOf(filter)(resource)
}

/**
 * True if one element of an attribute matches a filter from between brackets.
 * @see RFC 7644 §3.4.2.2 and §3.5.2 (`valuePath`)
 */
export function evaluateElement(filter: Filter, element: JsonValue): boolean {
  return elementMatcherOf(filter)(element)
}

/** {@link evaluate} made ready for many resources. */
export function matcherOf(filter: Filter): (resource: JsonObject) => boolean {
  return matcher(filter, inResource)
}

/** {@link evaluateElement} made ready for many elements. */
export function elementMatcherOf(filter: Filter): (element: JsonValue) => boolean {
  return matcher(filter, inElement)
}

type Test = (value: JsonValue) => boolean

/** Where paths start from: gives the test whether some value at the path, below a root, passes another. */
type Scope = (path: KnownPath, test: Test) => Test

function matcher(filter: Filter, scope: Scope): Test {
  switch (filter.kind) {
    case 'and': {
      const terms = filter.terms.map((term) => matcher(term, scope))
      return (root) => terms.every((term) => term(root))
    }
    case 'or': {
      const terms = filter.terms.map((term) => matcher(term, scope))
      return (root) => terms.some((term) => term(root))
    }
    case 'not': {
      const term = matcher(filter.term, scope)
      return (root) => !term(root)
    }
    case 'present':
      return filter.path.known ? presence(filter.path, scope) : never
    case 'compare':
      return filter.path.known ? comparison(filter, filter.path, scope) : never
    case 'valuePath':
      return filter.path.known ? scope(filter.path, matcher(filter.filter, inElement)) : never
  }
}

function never(): boolean {
  return false
}

function comparison(filter: CompareFilter, path: KnownPath, scope: Scope): Test {
  if (filter.key === null) {
    const isPresent = presence(path, scope)
    return filter.operator === 'ne' ? isPresent : (root) => !isPresent(root)
  }
  const some = scope(path, testOf(filter.operator, path.compared, filter.key))
  if (filter.operator !== 'ne') return some
  const any = scope(path, () => true)
  return (root) => some(root) || !any(root)
}

function testOf(operator: CompareOperator, compared: Attribute | undefined, key: CompareKey): Test {
  if (compared === undefined) return never
  const keyed = (value: JsonValue): CompareKey | undefined => keyOf(compared, value)
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
function orderOf(left: CompareKey | undefined, right: CompareKey): number {
  return left === undefined ? Number.NaN : compareKeys(left, right)
}

function presence(path: KnownPath, scope: Scope): Test {
  const leaf = path.sub ?? path.attribute
  return scope(path, (value) => (leaf ? hasContent(leaf, value) : partsHaveContent(path.extension?.attributes, value)))
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

function inResource(path: KnownPath, test: Test): Test {
  const { extension, attribute, sub } = path
  const testValue = attribute === undefined ? test : inAttribute(attribute.name, sub?.name, test)
  if (extension === undefined) return testValue
  return (resource) => isObject(resource) && someOf(own(resource, extension.id), testValue)
}

function inAttribute(name: string, subName: string | undefined, test: Test): Test {
  const testElement = subName === undefined ? test : inPart(subName, test)
  return inPart(name, testElement)
}

function inElement(path: KnownPath, test: Test): Test {
  return path.sub === undefined ? (element) => someOf(element, test) : inPart(path.sub.name, test)
}

function inPart(name: string, test: Test): Test {
  return (whole) => isObject(whole) && someOf(own(whole, name), test)
}

function someOf(value: JsonValue | undefined, test: Test): boolean {
  if (value === undefined || value === null) return false
  return isArray(value) ? value.some((element) => element !== null && test(element)) : test(value)
}
