/** The host's own code around a write, by resource type. */
import type { MaybePromise } from '../provider/provider.js'
import type { Unit } from '../provider/unit.js'
import type { AnyResource, Group, User } from '../schema/infer-resource.js'
import type { CascadedChange, Change, HookDocument, PendingChange } from './change.js'

/**
 * The hooks of one resource type. Every write calls them: POST, PUT, PATCH and DELETE, alone, in a bulk request, at /Me
 * and through `perform`. A write that changes nothing calls none.
 */
export interface ChangeHooks<Resource = AnyResource> {
  /**
   * Called before each attempt of a write, so it must be repeatable: a concurrent writer makes the change begin again
   * on the new state. Result: undefined, or the document to write in place of `next`, with the same `id`; members and
   * the password cannot be changed. Throw a ScimError to refuse the write: it is the response, and nothing is written.
   * Any other error is answered 500. Throws 500 also for a document that the schema does not allow.
   */
  before?(change: PendingChange<Resource>): MaybePromise<HookDocument<Resource> | undefined>
  /**
   * Called in the unit of work of the write, after its own changes and before the commit, once for each attempt: what
   * `unit.run` does commits with the write or not at all. Return what `unit.run` returns. On SQLite, in a Durable
   * Object and in memory the function is synchronous: a promise rolls the write back. If it throws, nothing is written:
   * a ScimError is the response, any other error is answered 500.
   */
  inTransaction?(change: Change<Resource>, unit: Unit): unknown
  /**
   * Called once after the commit. The response does not wait for it, and its failure does not fail the request: it goes
   * to `onError`. A process that ends before it has run does not run it later: use an outbox for what must not be lost.
   * Called also for each group that lost a member because another resource was removed.
   */
  after?(change: Change<Resource> | CascadedChange): MaybePromise<void>
}

/**
 * Hooks by the name of the resource type. `User` and `Group` have the attributes of RFC 7643; name your own type for
 * others: `ChangeHooks<InferResource<typeof schema>>`.
 */
export interface ScimHooks {
  readonly User?: ChangeHooks<User>
  readonly Group?: ChangeHooks<Group>
  readonly [type: string]: NamedHooks | undefined
}

/** The hooks of a type that the compiler does not know: it takes the `ChangeHooks` of every resource. */
export interface NamedHooks {
  before?(change: PendingChange): unknown
  inTransaction?(change: Change, unit: Unit): unknown
  after?(change: Change | CascadedChange): unknown
}

/** The hooks of a type, as the core calls them. */
export type AnyHooks = ChangeHooks<AnyResource>

const names: Readonly<Record<keyof AnyHooks, true>> = { before: true, inTransaction: true, after: true }

/**
 * The hooks by type name. Throws a TypeError that names the option for one that is not a hook. `types` are the names of
 * the resource types, if they are known.
 */
export function hooksFrom(
  option: ScimHooks | undefined,
  types: Iterable<string> | undefined,
): ReadonlyMap<string, AnyHooks> {
  const hooks = new Map<string, AnyHooks>()
  const known = types && new Set(types)
  for (const [type, one] of Object.entries(option ?? {})) {
    if (one === undefined) continue
    if (known !== undefined && !known.has(type)) {
      throw new TypeError(`options.hooks: no resource type "${type}"; known are ${[...known].join(', ')}`)
    }
    if (typeof one !== 'object' || one === null)
      throw new TypeError(`options.hooks.${type}: expected an object of hooks`)
    checkNames(type, one)
    hooks.set(type, one as unknown as AnyHooks)
  }
  return hooks
}

function checkNames(type: string, hooks: object): void {
  for (const [name, hook] of Object.entries(hooks)) {
    if (!Object.hasOwn(names, name)) {
      throw new TypeError(`options.hooks.${type}: unknown hook "${name}"; known are ${Object.keys(names).join(', ')}`)
    }
    if (hook !== undefined && typeof hook !== 'function') {
      throw new TypeError(`options.hooks.${type}.${name}: expected a function`)
    }
  }
}
