/**
 * Evaluation of a filter on resources of any size without long blocking: a group may have 200,000 members, a text
 * 65,536 characters, and a filter 100 terms.
 * @see RFC 7644 §3.4.2.2
 */
import { isArray, isObject, type JsonObject, own } from '../../json/value.js'
import type { Turns } from '../../pacing/turns.js'
import type { Filter } from '../ast.js'
import { charactersPerComparison, weigherOf } from './evaluation-cost.js'
import { inResource, type Plan, planOf, type SomePlan, testOfElement, testOfPlan } from './plan.js'

/** The turns of a request, and what it may compare. */
export interface Work extends Turns {
  /** Counts comparisons; throws 400 tooMany once there are too many. */
  spend(comparisons: number): void
}

// Some milliseconds, also where the characters are not ASCII and their keys are expensive.
const mostAtOnce = 65_536

/**
 * `matcherOf` for a store that evaluates many resources. For a resource that takes long the result is a promise, and
 * other requests run meanwhile. Counts the cost of long lists and texts beyond one comparison per term; the caller
 * counts the minimum cost of each resource (`scanCost`).
 */
export function pacedMatcherOf(filter: Filter, work: Work): (resource: JsonObject) => boolean | Promise<boolean> {
  const plan = planOf(filter)
  const inOnePiece = testOfPlan(plan, inResource)
  const weigh = weigherOf(filter)
  return (resource) => {
    const characters = weigh(resource)
    if (characters >= charactersPerComparison) work.spend(Math.floor(characters / charactersPerComparison))
    return characters <= mostAtOnce ? inOnePiece(resource) : inPortions(plan, resource, work)
  }
}

async function inPortions(plan: Plan, resource: JsonObject, work: Work): Promise<boolean> {
  switch (plan.kind) {
    case 'and':
      for (const one of plan.plans) if (!(await inPortions(one, resource, work))) return false
      return true
    case 'or':
      for (const one of plan.plans) if (await inPortions(one, resource, work)) return true
      return false
    case 'not':
      return !(await inPortions(plan.plan, resource, work))
    case 'settled':
      return plan.holds
    case 'some':
      return someInPortions(plan, resource, work)
  }
}

// Steps that one value takes. The clock is read after each one that can be long, and of long lists after every eighth.
const longStep = 128
const shortStep = 16
const longList = 1_000

async function someInPortions({ path, test }: SomePlan, resource: JsonObject, work: Work): Promise<boolean> {
  const { extension, attribute, sub } = path
  const holder = extension === undefined ? resource : own(resource, extension.id)
  const value = attribute !== undefined && isObject(holder) ? own(holder, attribute.name) : undefined
  if (!isArray(value)) {
    const holds = inResource(path, test)(resource)
    if (work.isDue(longStep)) await work.rest()
    return holds
  }
  const passes = testOfElement(sub, test)
  const step = value.length > longList ? shortStep : longStep
  for (const element of value) {
    if (element !== null && passes(element)) return true
    if (work.isDue(step)) await work.rest()
  }
  return false
}
