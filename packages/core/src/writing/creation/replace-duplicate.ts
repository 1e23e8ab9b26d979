/**
 * A create whose unique value another resource has, under a policy of the host: the write of a PUT to that resource, if
 * the caller may send one. It commits by compare-and-swap on the version that the policy saw; after a concurrent write
 * everything is decided again, from the insert on.
 * @see RFC 7644 §3.3, §3.5.1; ADR 62
 */
import type { Call } from '../../engine/call.js'
import { canApply, type DuplicatePolicy, decisionAbout, duplicatePolicy } from '../../engine/duplicate-policies.js'
import { findType } from '../../engine/find-type.js'
import { ScimError } from '../../errors.js'
import type { CompareFilter } from '../../filter/ast.js'
import { withLeaf } from '../../filter/term-path.js'
import type { JsonObject, JsonValue } from '../../json/value.js'
import type { CreateOperation, ReplaceOperation } from '../../operation-types/operation.js'
import { callWithin, type Permitted, permit, requestedVia } from '../../permissions/permit.js'
import { type AlreadyCreated, type Duplicate, duplicate } from '../../provider/conditional.js'
import type { CreationKey } from '../../provider/creation-key.js'
import { documentOf } from '../../provider/member-rows.js'
import { documentOnly, type Stored } from '../../provider/provider.js'
import { valueAt } from '../../resource/document.js'
import type { ResourceRef } from '../../resource/ref.js'
import { uniqueAttribute } from '../../resource/unique-keys.js'
import { pathTo } from '../../schema/path.js'
import { keyOf } from '../../schema/value-key.js'
import { ifVersion } from '../../versioning/precondition.js'
import { backOff } from '../back-off.js'
import { commit } from '../commit.js'
import type { Committed, Target } from '../commit-result.js'
import type { PasswordPlace } from '../password-place.js'
import { isAttributeRefusal } from '../rights/refusal.js'
import { replacement } from '../rights/replacement.js'
import { takeSecret } from '../secret.js'
import { type Collision, type Created, commitCreation } from './commit-creation.js'

// A resource that a concurrent writer removes after each insert is gone so often at most.
const mostGone = 3

/** A resource that was replaced. */
export interface Replaced extends Committed {
  /** The call with the rights on attributes of the create and of the PUT. */
  readonly within: Call
}

/** A create: its operation, the resource type, and the derived attributes that the response will show. */
export interface Creation extends Pick<Target, 'type' | 'derived'> {
  readonly operation: Permitted<CreateOperation>
  /** The request, as it was parsed. */
  readonly body: JsonValue
  /** Its idempotency key; undefined without one. */
  readonly key: CreationKey | undefined
}

/**
 * Inserts a new resource, or replaces the one that has its unique value, if the host's policy for the type says so.
 * `read` and `place` as for {@link commitCreation}. Throws its errors, those of {@link commit} and of the policy, and
 * 503 when concurrent writers changed the resource too often.
 */
export async function createOrReplace(
  call: Call,
  creation: Creation,
  read: JsonObject,
  place: PasswordPlace,
): Promise<Created | Replaced | Duplicate | AlreadyCreated> {
  const { type, key } = creation
  const policy = duplicatePolicy(call.engine.onDuplicate, type.name)
  if (policy === undefined) return plain(await commitCreation(call, type, read, place, key))
  const waitForTurn = backOff(call.engine)
  for (let attempts = 1, gone = 0; ; attempts++) {
    const created = await commitCreation(call, type, read, place, key)
    if (created.kind !== 'duplicate') return created
    const holder = await holderOf(call, creation, created)
    gone = holder === 'gone' ? gone + 1 : 0
    // A store whose filters do not find what its unique keys contain.
    if (holder === undefined || gone > mostGone) return plain(created)
    const end =
      holder === 'gone' ? 'changed' : await replaceHolder(call, creation, created, policy, holder, read, place)
    if (end === undefined) return plain(created)
    if (end !== 'changed') return end.kind === 'committed' ? { ...end, attempts } : end
    await waitForTurn()
  }
}

function plain<End extends { readonly kind: string }>(end: End | Collision): End | Duplicate {
  return isCollision(end) ? duplicate(end.attribute) : end
}

function isCollision(end: { readonly kind: string }): end is Collision {
  return end.kind === 'duplicate'
}

// Undefined: the collision is rejected. `changed`: a concurrent writer has changed or removed the resource.
async function replaceHolder(
  call: Call,
  creation: Creation,
  { attribute }: Duplicate,
  policy: DuplicatePolicy,
  holder: Stored,
  read: JsonObject,
  place: PasswordPlace,
): Promise<Replaced | Duplicate | 'changed' | undefined> {
  const { derived, operation, body, key } = creation
  const { ref, version } = holder
  const permitted = await replacePermitted(call, operation, ref)
  if (permitted === undefined) return undefined
  const within = callWithin(call, permitted)
  const type = findType(within.engine, creation.type.name)
  if (!canApply(policy, type)) return undefined
  const next = takeSecret(read).document
  const current = documentOf(holder)
  const { context } = call
  const decision = await decisionAbout(policy, { type: type.name, attribute, current, next, context })
  if (decision === 'reject') return undefined
  const target = { type, ref, precondition: ifVersion(version), derived }
  const result = await unlessRefused(() =>
    commit(within, target, place, async () => ({
      kind: 'replace',
      ...replacement(type, body, read, context.interop),
      creationKey: key,
    })),
  )
  switch (result?.kind) {
    case undefined:
      return undefined
    case 'committed':
      return { ...result, within }
    case 'duplicate':
      return result
    case 'versionMismatch':
    case 'notFound':
    case 'preconditionRequired':
      return 'changed'
  }
}

// The resource with the unique value. `gone` if there is none any more; undefined if it cannot be determined.
async function holderOf(
  call: Call,
  { type }: Creation,
  { attribute: path, resource }: Collision,
): Promise<Stored | 'gone' | undefined> {
  const attribute = uniqueAttribute(type, path, call.engine.uniqueGroupDisplayName)
  if (attribute === undefined) return undefined
  const place = pathTo(type, attribute)
  const value = valueAt(resource, place)
  const key = value === undefined ? undefined : keyOf(attribute, value)
  if (key === undefined || (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')) {
    return undefined
  }
  const filter: CompareFilter = { kind: 'compare', path: withLeaf(place), operator: 'eq', value, key }
  const page = { startIndex: 1, count: 2 }
  const query = { filter, sort: undefined, page, needs: documentOnly }
  const { resources } = await call.engine.provider.query(type.name, query, call.context)
  const [holder, another] = resources
  if (holder === undefined) return 'gone'
  return another === undefined ? holder : undefined
}

// The PUT to the resource, if the caller may send one. A refusal is answered as without a policy, so it reveals nothing.
async function replacePermitted(
  call: Call,
  operation: Permitted<CreateOperation>,
  ref: ResourceRef,
): Promise<Permitted<ReplaceOperation> | undefined> {
  try {
    return await permit(call, { kind: 'replace', ref, body: operation.body }, requestedVia(operation))
  } catch (error) {
    if (error instanceof ScimError && (error.status === 403 || error.status === 405)) return undefined
    throw error
  }
}

// The same for a PUT that would change an attribute which the caller may not change.
async function unlessRefused<Result>(write: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await write()
  } catch (error) {
    if (isAttributeRefusal(error)) return undefined
    throw error
  }
}
