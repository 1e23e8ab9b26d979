/**
 * Whether a resource matches a filter. This is the meaning of filters; a store that compiles them must agree with it.
 *
 * Logic has two values. A comparison holds if any value of the attribute satisfies it. With no value at all it is
 * false, except `ne` against a value and `eq null`. A term on an unknown attribute is false. `not` inverts either
 * value.
 * @see RFC 7644 §3.4.2.2
 */
import type { JsonObject, JsonValue } from '../../json/value.js'
import type { Filter } from '../ast.js'
import { inElement, inResource, planOf, testOfPlan } from './plan.js'

/**
 * True if the resource matches. It must contain the attributes that the filter reads: `members`, `groups` and `meta`
 * too.
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

/** {@link evaluate} prepared for many resources. */
export function matcherOf(filter: Filter): (resource: JsonObject) => boolean {
  return testOfPlan(planOf(filter), inResource)
}

/** {@link evaluateElement} prepared for many elements. */
export function elementMatcherOf(filter: Filter): (element: JsonValue) => boolean {
  return testOfPlan(planOf(filter), inElement)
}
