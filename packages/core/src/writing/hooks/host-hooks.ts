/** The host's hooks around one write: before an attempt, in its unit of work, after its commit. */
import type { Call } from '../../engine/call.js'
import type { CascadedChange, Change, MemberChanges, PendingChange } from '../../hooks/change.js'
import type { AnyHooks } from '../../hooks/hooks.js'
import { isThenable } from '../../is-thenable.js'
import { deepFreeze } from '../../json/freeze.js'
import { type JsonObject, own } from '../../json/value.js'
import type { MaybePromise, Next } from '../../provider/provider.js'
import type { InTransaction } from '../../provider/unit.js'
import type { ResourceRef } from '../../resource/ref.js'
import type { ResourceType } from '../../schema/attribute.js'
import { readAmendment } from './read-amendment.js'

/** One change of one resource, as the core computed it. `next` is undefined for a removal. */
export interface Described {
  readonly kind: 'create' | 'replace' | 'patch' | 'remove'
  readonly type: ResourceType
  readonly ref: ResourceRef
  /** Without members. */
  readonly before: JsonObject | undefined
  /** Without members. */
  readonly next: JsonObject | undefined
  readonly members: MemberChanges | undefined
  readonly changed: readonly string[]
}

/** The hooks of the host for a type; undefined if there are none. */
export function hooksOf({ engine }: Call, type: ResourceType): AnyHooks | undefined {
  return engine.hooks.get(type.name)
}

/** True if the change ends access: `active` becomes false, or the resource is removed. */
export function endsAccess({ before, next }: Pick<Described, 'before' | 'next'>): boolean {
  if (next === undefined) return true
  return before !== undefined && own(before, 'active') !== false && own(next, 'active') === false
}

/** The description of a change for a provider that records changes. */
export function recorded(described: Described): Pick<Next, 'kind' | 'deprovisioned'> {
  const { kind } = described
  return { ...(kind !== 'remove' && { kind }), deprovisioned: endsAccess(described) }
}

/**
 * The document to write: `next`, or what the hook `before` returned instead. Throws the errors of the hook, and a
 * TypeError for a document that the schema does not allow.
 */
export async function callBefore(call: Call, hooks: AnyHooks, described: Described): Promise<JsonObject | undefined> {
  const { next, type, ref } = described
  if (hooks.before === undefined) return next
  const change = { ...shared(call, described), next: next && deepFreeze(next) }
  const amended: unknown = await hooks.before(change as PendingChange)
  if (amended === undefined || amended === next) return next
  if (next === undefined) throw new TypeError(`hooks.${type.name}.before returned a document for a removal`)
  return readAmendment(type, ref, next, amended, described.before)
}

/**
 * Sends a write to the store, with the hook `inTransaction` in it if there is one. If the hook has ended the write with
 * an error, that error is thrown unchanged.
 */
export async function writeWithHook<Write extends object, Result>(
  call: Call,
  hooks: AnyHooks | undefined,
  describe: () => Described,
  plain: Write,
  send: (write: Write & Pick<Next, 'inTransaction'>) => MaybePromise<Result>,
): Promise<Result> {
  const hook = hooks?.inTransaction
  if (hook === undefined) return send(plain)
  const change = changeOf(call, describe())
  let failure: { readonly error: unknown } | undefined
  const failed = (error: unknown): never => {
    failure = { error }
    throw error
  }
  const inTransaction: InTransaction = (unit) => {
    failure = undefined
    try {
      const result = hook.call(hooks, change, unit)
      return isThenable(result) ? Promise.resolve(result).catch(failed) : result
    } catch (error) {
      return failed(error)
    }
  }
  try {
    return await send({ ...plain, inTransaction })
  } catch (error) {
    // Another error is that of the store, such as one after the last retry.
    if (failure !== undefined && isFrom(error, failure.error)) throw failure.error
    throw error
  }
}

/** A call of the hook `after`, to be made after the commit; undefined without such a hook. */
export function afterHook(call: Call, hooks: AnyHooks | undefined, described: Described): (() => unknown) | undefined {
  if (hooks?.after === undefined) return undefined
  const change = changeOf(call, described)
  return () => hooks.after?.(change)
}

/** A call of the hook `after` for a group that lost a member by a removal; undefined without such a hook. */
export function afterCascade(call: Call, ref: ResourceRef, removed: ResourceRef): (() => unknown) | undefined {
  const hooks = call.engine.hooks.get(ref.type)
  if (hooks?.after === undefined) return undefined
  const change: CascadedChange = {
    kind: 'cascade',
    ref,
    removed,
    before: undefined,
    after: undefined,
    members: { add: [], remove: [removed.id] },
    changed: ['members'],
    deprovisioned: false,
    context: call.context,
  }
  return () => hooks.after?.(change)
}

function changeOf(call: Call, described: Described): Change {
  const { next } = described
  return { ...shared(call, described), after: next && deepFreeze(next) } as Change
}

// The types of hooks are those of the schema; the document was validated by it.
function shared({ context }: Call, described: Described): object {
  const { kind, ref, before, members, changed } = described
  return {
    kind,
    ref,
    before: before && deepFreeze(before),
    members: members && frozenChanges(members),
    changed: Object.freeze(changed),
    deprovisioned: endsAccess(described),
    context,
  }
}

// They are also what the store is given: a hook must not change them.
function frozenChanges({ add, remove }: MemberChanges): MemberChanges {
  for (const member of add) Object.freeze(member)
  return Object.freeze({ add: Object.freeze(add), remove: Object.freeze(remove) })
}

function isFrom(error: unknown, cause: unknown): boolean {
  return error === cause || (error instanceof Error && error.cause === cause)
}
