/** The only writer of new resources. @see RFC 7644 §3.3 */
import type { Call } from '../../engine/call.js'
import { paceFor, timeNow } from '../../engine/engine.js'
import { quotaFor, quotaReached } from '../../engine/quotas.js'
import { idsToSkip, underPolicy } from '../../engine/unknown-members.js'
import type { JsonObject } from '../../json/value.js'
import { inPortions } from '../../pacing/portions.js'
import type { AlreadyCreated, ConditionalResult, Duplicate } from '../../provider/conditional.js'
import type { CreationKey } from '../../provider/creation-key.js'
import { membersDelta, splitMembers } from '../../provider/member-rows.js'
import type { Next, Written } from '../../provider/provider.js'
import type { Member } from '../../resource/member.js'
import type { ResourceRef } from '../../resource/ref.js'
import { uniqueKeys } from '../../resource/unique-keys.js'
import { validateDocument } from '../../resource/validate-document.js'
import type { ResourceType } from '../../schema/attribute.js'
import { firstVersion, type RawVersion, versionNonce } from '../../versioning/version.js'
import { documentDigest } from '../document-digest.js'
import { afterHook, callBefore, type Described, hooksOf, recorded, writeWithHook } from '../hooks/host-hooks.js'
import type { PasswordPlace } from '../password-place.js'
import { type Secret, takeSecret } from '../secret.js'

/** A create that is committed. */
export interface Created {
  readonly kind: 'inserted'
  readonly ref: ResourceRef
  readonly version: RawVersion
  /** RFC 3339 time in UTC: `created` and `lastModified`. */
  readonly at: string
  /** The document as stored, without members. */
  readonly resource: JsonObject
  readonly members: readonly Member[]
  /** How many members were left out because no resource has their id. */
  readonly skippedMembers: number
  /** The secret to pass to the host now that the write has committed. */
  readonly secret: Secret | undefined
  /** Calls the host's hook `after`; undefined without one. */
  readonly callAfter: (() => unknown) | undefined
}

/** A create whose unique value another resource has. */
export interface Collision extends Duplicate {
  /** The document of the create, without members. */
  readonly resource: JsonObject
}

/**
 * Inserts a resource with a new id. `read` is the document of the request, as it was read. A password takes its `place`
 * before the write. With a `creationKey` the insert stores its record, or finds that of a committed create. Throws 400
 * for an invalid document, 403 beyond the quota, and the errors of the store.
 */
export async function commitCreation(
  call: Call,
  type: ResourceType,
  read: JsonObject,
  place: PasswordPlace,
  creationKey?: CreationKey,
): Promise<Created | Collision | AlreadyCreated> {
  const pace = paceFor(call.engine, call.context)
  const { document, secret } = takeSecret(read)
  const id = call.engine.ports.newId()
  const split = splitMembers(type, validateDocument(type, id, document, undefined))
  const { resource: proposed, members: wanted } = await inPortions(split, pace)
  const ref = { type: type.name, id }
  const hooks = hooksOf(call, type)
  const describe = (resource: JsonObject, members: readonly Member[]): Described => ({
    kind: 'create',
    type,
    ref,
    before: undefined,
    next: resource,
    members: members.length === 0 ? undefined : { add: members, remove: [] },
    changed: [],
  })
  const resource = (hooks && (await callBefore(call, hooks, describe(proposed, wanted)))) ?? proposed
  const turn = place.take(secret)
  if (turn !== undefined) await turn
  const { quotas } = call.engine
  const quota = quotas && (await quotaFor(quotas, type.name, call.context))
  const next = {
    resource,
    version: firstVersion(await documentDigest(call.engine, resource), versionNonce(call.engine.ports.randomBytes)),
    at: timeNow(call.engine),
    unique: uniqueKeys(type, resource, call.engine.uniqueGroupDisplayName),
    ...(call.engine.provider.recordsChanges && recorded(describe(resource, wanted))),
    ...(quota !== undefined && { quota }),
    ...(creationKey !== undefined && { creationKey }),
  }
  const result = await insertKnown(call, type, next, wanted, (known, members) =>
    writeWithHook(
      call,
      hooks,
      () => describe(resource, members),
      known,
      (write) => call.engine.provider.insert(ref, write, call.context),
    ),
  )
  if (result.kind === 'duplicate') return { ...result, resource }
  if (result.kind === 'alreadyCreated') return result
  const { members } = result
  const { version, at, id: ownId = id } = result.written
  const own = withId(resource, ownId)
  return {
    kind: 'inserted',
    ref: { type: type.name, id: ownId },
    version,
    at,
    resource: own,
    members,
    skippedMembers: wanted.length - members.length,
    secret,
    callAfter: afterHook(call, hooks, { ...describe(own, members), ref: { type: type.name, id: ownId } }),
  }
}

type Inserted = { readonly kind: 'inserted'; readonly written: Written; readonly members: readonly Member[] }

// Inserts with the members that the host's policy accepts.
async function insertKnown(
  call: Call,
  type: ResourceType,
  next: Omit<Next, 'members'>,
  wanted: readonly Member[],
  insert: (next: Next, members: readonly Member[]) => Promise<ConditionalResult<Written>>,
): Promise<Inserted | Duplicate | AlreadyCreated> {
  const skipped = new Set<string>()
  for (;;) {
    const members = skipped.size === 0 ? wanted : wanted.filter(({ value }) => !skipped.has(value))
    const changes = await inPortions(membersDelta([], members), paceFor(call.engine, call.context))
    const delta = underPolicy(call.engine.unknownMembers, changes)
    const result = await insert({ ...next, members: delta }, members)
    switch (result.kind) {
      case 'success':
        return { kind: 'inserted', written: result.value, members }
      case 'duplicate':
        return result
      case 'alreadyCreated':
        if (next.creationKey !== undefined) return result
        throw new Error('insert returned alreadyCreated, and no idempotency key was passed to it')
      case 'unknownMembers':
        for (const id of idsToSkip(call.engine.unknownMembers, result, delta)) skipped.add(id)
        break
      case 'overQuota':
        if (next.quota === undefined) throw new Error('insert returned overQuota, and no quota was passed')
        throw quotaReached(type.name, next.quota)
      case 'versionMismatch':
      case 'notFound':
        throw new Error(`insert returned ${result.kind}, which is valid for other writes only`)
    }
  }
}

// A store that creates its own ids returns the id that it created.
function withId(resource: JsonObject, id: string): JsonObject {
  return resource.id === id ? resource : { ...resource, id }
}
