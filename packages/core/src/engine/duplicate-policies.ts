/**
 * The treatment of a create whose unique value another resource has: rejected, unless the host has named a policy for
 * the type. The store reports the collision from its unique keys, so no other attribute, such as an e-mail address, can
 * lead to the resource of another person.
 * @see RFC 7644 §3.3 (409 uniqueness); ADR 62
 */
import type { ScimContext } from '../context.js'
import { deepCopy, type JsonObject } from '../json/value.js'
import type { MaybePromise } from '../provider/provider.js'
import type { ResourceType } from '../schema/attribute.js'
import { checkKnownType } from './known-type.js'

/** A create that the store refused, and the resource that has the unique value. */
export interface DuplicateCollision {
  /** The name of the resource type. */
  readonly type: string
  /** The path of the unique attribute, `userName`. */
  readonly attribute: string
  /** The document of the existing resource, with its `id`, without `meta` and members. A copy. */
  readonly current: JsonObject
  /** The document of the request, without its password. A copy. */
  readonly next: JsonObject
  readonly context: ScimContext
}

/**
 * Decides about a collision: `replace` replaces the existing resource by the document of the request, as PUT does;
 * `reject` answers 409. Called again after a concurrent write, with the state after it, so it must be repeatable. A
 * ScimError that it throws ends the request.
 */
export type DuplicatePolicy = (collision: DuplicateCollision) => MaybePromise<'reject' | 'replace'>

/** `reject`: 409. `reactivate`: replaces a resource with this userName that is `active: false`; all others are 409. */
export type DuplicateRule = 'reject' | 'reactivate' | DuplicatePolicy

/** Rules by the name of the resource type; a type that is not named is `reject`. */
export type DuplicateRules = Readonly<Record<string, DuplicateRule>>

/** Throws a TypeError for invalid rules. `types` are the resource types by name; undefined if they are not known yet. */
export function checkDuplicateRules(rules: DuplicateRules, types: ReadonlyMap<string, ResourceType> | undefined): void {
  if (typeof rules !== 'object' || rules === null) {
    throw new TypeError(
      "options.onDuplicate: expected an object of 'reject', 'reactivate' or a function by resource type",
    )
  }
  for (const [name, rule] of Object.entries(rules)) {
    if (rule !== 'reject' && rule !== 'reactivate' && typeof rule !== 'function') {
      throw new TypeError(`options.onDuplicate.${name}: expected 'reject', 'reactivate' or a function`)
    }
    checkKnownType('onDuplicate', name, types && [...types.keys()])
    const type = types?.get(name)
    if (type === undefined) continue
    if (rule !== 'reject' && !type.operations.has('replace')) {
      throw new TypeError(`options.onDuplicate.${name}: the type does not offer the operation replace`)
    }
    if (rule === 'reactivate' && !canBeReactivated(type)) {
      throw new TypeError(`options.onDuplicate.${name}: 'reactivate' needs a unique userName and the boolean active`)
    }
  }
}

/** The policy for a type; undefined where every collision is rejected. */
export function duplicatePolicy(rules: DuplicateRules | undefined, type: string): DuplicatePolicy | undefined {
  const rule = rules !== undefined && Object.hasOwn(rules, type) ? rules[type] : undefined
  if (rule === 'reactivate') return reactivate
  return typeof rule === 'function' ? rule : undefined
}

/** The decision of a policy. Throws a TypeError for another result, and what the host's function throws. */
export async function decisionAbout(
  policy: DuplicatePolicy,
  collision: DuplicateCollision,
): Promise<'reject' | 'replace'> {
  const { current, next } = collision
  const decision: unknown = await policy({ ...collision, current: deepCopy(current), next: deepCopy(next) })
  if (decision === 'reject' || decision === 'replace') return decision
  throw new TypeError(`options.onDuplicate.${collision.type}: the function returned neither 'reject' nor 'replace'`)
}

/**
 * False where a policy can have no effect: `reactivate`, if the caller may not read or change `active`. The user would
 * stay inactive, and the answer would say that there is one.
 */
export function canApply(policy: DuplicatePolicy, { attributes }: Pick<ResourceType, 'attributes'>): boolean {
  const active = attributes.get('active')
  return policy !== reactivate || (active?.unreadable === undefined && active?.unwritable === undefined)
}

const reactivate: DuplicatePolicy = ({ attribute, current }) =>
  attribute === 'userName' && current.active === false ? 'replace' : 'reject'

function canBeReactivated({ unique, attributes }: ResourceType): boolean {
  return unique.some(({ path }) => path === 'userName') && attributes.get('active')?.type === 'boolean'
}
