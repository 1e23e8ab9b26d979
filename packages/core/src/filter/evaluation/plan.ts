/**
 * A filter prepared for evaluation: `and`, `or` and `not` over statements that some value at a path passes a test. The
 * meaning of the operators is defined here, once, for evaluation in one piece and for evaluation in slices.
 * @see RFC 7644 §3.4.2.2
 */
import { isArray, isObject, type JsonValue, own } from '../../json/value.js'
import type { Attribute } from '../../schema/attribute.js'
import type { CompareKey } from '../../schema/value-key.js'
import type { CompareFilter, CompareOperator, Filter, KnownPath } from '../ast.js'
import { isSensitive } from '../sensitive.js'
import { compareKeys } from './compare-key.js'
import { containing } from './contains.js'
import { type TextKeys, textKeys } from './text-keys.js'

/** Whether a value passes. */
export type Test = (value: JsonValue) => boolean

/** A prepared filter. */
export type Plan =
  | { readonly kind: 'and' | 'or'; readonly plans: readonly Plan[] }
  | { readonly kind: 'not'; readonly plan: Plan }
  | { readonly kind: 'settled'; readonly holds: boolean }
  | SomePlan

/** Some value at the path passes the test; each element of a list is a value. */
export interface SomePlan {
  readonly kind: 'some'
  readonly path: KnownPath
  readonly test: Test
}

/** The start of paths: how a plan's statement about some value becomes a test of a root. */
export type Scope = (path: KnownPath, test: Test) => Test

/** The plan of a filter on resources, or on elements. */
export function planOf(filter: Filter, keys: TextKeys = textKeys()): Plan {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, plans: filter.terms.map((term) => planOf(term, keys)) }
    case 'not':
      return { kind: 'not', plan: planOf(filter.term, keys) }
    case 'present':
      return filter.path.known ? presence(filter.path) : never
    case 'compare':
      return filter.path.known ? comparison(filter, filter.path, keys) : never
    case 'valuePath': {
      if (!filter.path.known) return never
      const test = testOfPlan(planOf(filter.filter, keys), inElement)
      return { kind: 'some', path: filter.path, test }
    }
  }
}

/** The plan as one test of a root. */
export function testOfPlan(plan: Plan, scope: Scope): Test {
  switch (plan.kind) {
    case 'and': {
      const tests = plan.plans.map((one) => testOfPlan(one, scope))
      return (root) => tests.every((test) => test(root))
    }
    case 'or': {
      const tests = plan.plans.map((one) => testOfPlan(one, scope))
      return (root) => tests.some((test) => test(root))
    }
    case 'not': {
      const test = testOfPlan(plan.plan, scope)
      return (root) => !test(root)
    }
    case 'settled':
      return () => plan.holds
    case 'some':
      return scope(plan.path, plan.test)
  }
}

const never: Plan = { kind: 'settled', holds: false }

function comparison(filter: CompareFilter, path: KnownPath, keys: TextKeys): Plan {
  if (filter.key === null) {
    const present = presence(path)
    return filter.operator === 'ne' ? present : { kind: 'not', plan: present }
  }
  const test = testOf(filter.operator, path.compared, filter.key, keys)
  const some: Plan = { kind: 'some', path, test }
  if (filter.operator !== 'ne') return some
  // With no value at all, `ne` holds.
  const any: Plan = { kind: 'some', path, test: () => true }
  return { kind: 'or', plans: [some, { kind: 'not', plan: any }] }
}

function testOf(operator: CompareOperator, compared: Attribute | undefined, key: CompareKey, keys: TextKeys): Test {
  if (compared === undefined) return () => false
  const { keyed, searched } = keys(compared)
  const order = (value: JsonValue): number => orderOf(keyed(value), key)
  const part = String(key)
  switch (operator) {
    case 'eq':
      return (value) => keyed(value) === key
    case 'ne':
      return (value) => keyed(value) !== key
    case 'co': {
      const contains = containing(part)
      return (value) => {
        const text = searched(value)
        return text !== undefined && contains(text)
      }
    }
    case 'sw':
      return (value) => searched(value)?.startsWith(part) ?? false
    case 'ew':
      return (value) => searched(value)?.endsWith(part) ?? false
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

// NaN, which is neither above nor below nor equal, for a value without a key.
function orderOf(left: CompareKey | undefined, right: CompareKey): number {
  return left === undefined ? Number.NaN : compareKeys(left, right)
}

function presence(path: KnownPath): SomePlan {
  const leaf = path.sub ?? path.attribute
  const test: Test = (value) => (leaf ? hasContent(leaf, value) : partsHaveContent(path.extension?.attributes, value))
  return { kind: 'some', path, test }
}

// "" , [] and objects of such values are no content (RFC 7643 §2.5). Nor are secrets: `pr` must not reveal them.
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

/** The scope of a filter on resources. */
export function inResource(path: KnownPath, test: Test): Test {
  const { extension, attribute, sub } = path
  const testValue = attribute === undefined ? test : inPart(attribute.name, testOfElement(sub, test))
  if (extension === undefined) return testValue
  return (resource) => isObject(resource) && someOf(own(resource, extension.id), testValue)
}

/** The test of one value of an attribute, where the path may lead to a part of it. */
export function testOfElement(sub: Attribute | undefined, test: Test): Test {
  return sub === undefined ? test : inPart(sub.name, test)
}

/** The scope of a filter between brackets. */
export function inElement(path: KnownPath, test: Test): Test {
  return path.sub === undefined ? (element) => someOf(element, test) : inPart(path.sub.name, test)
}

function inPart(name: string, test: Test): Test {
  return (whole) => isObject(whole) && someOf(own(whole, name), test)
}

function someOf(value: JsonValue | undefined, test: Test): boolean {
  if (value === undefined || value === null) return false
  return isArray(value) ? value.some((element) => element !== null && test(element)) : test(value)
}
