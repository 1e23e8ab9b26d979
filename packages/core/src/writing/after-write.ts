/** The steps after a committed write: the event, the host's hook, then the secret. */
import type { Call } from '../engine/call.js'
import { queueKey, timeNow } from '../engine/engine.js'
import { ScimError } from '../errors.js'
import type { WriteEvent } from '../events.js'
import type { ResourceRef } from '../resource/ref.js'
import { type RawVersion, tagOfVersion } from '../versioning/version.js'
import type { Secret } from './secret.js'

/** The data of the event of a write. */
export interface WriteReport {
  readonly operation: WriteEvent['operation']
  readonly ref: ResourceRef
  readonly before: RawVersion | undefined
  readonly after: RawVersion | undefined
  readonly attempts: number
  readonly ignored: readonly string[]
  readonly skippedMembers: number
  /** Of a cascade: the resource whose removal changed this one. */
  readonly removed?: ResourceRef
  /** Of a replace: true if the request was a POST. */
  readonly duplicate?: true
}

/** Emits the event of a write. */
export function reportWrite(call: Call, report: WriteReport): void {
  const event: WriteEvent = {
    kind: 'write',
    requestId: call.context.requestId,
    traceId: call.context.trace?.traceId,
    parentId: call.context.trace?.parentId,
    at: timeNow(call.engine),
    operation: report.operation,
    type: report.ref.type,
    id: report.ref.id,
    tenant: call.context.tenant,
    principal: call.context.principal,
    before: report.before === undefined ? undefined : tagOfVersion(report.before, call.engine.etag),
    after: report.after === undefined ? undefined : tagOfVersion(report.after, call.engine.etag),
    attempts: report.attempts,
    ignored: report.ignored,
    skippedMembers: report.skippedMembers,
    ...(report.removed !== undefined && { removed: report.removed }),
    ...(report.duplicate !== undefined && { duplicate: report.duplicate }),
  }
  call.engine.emit(event, call.context)
}

/** Calls the host's hook `after`, if there is one: the response does not wait for it, its failure goes to `onError`. */
export function callAfterHook(call: Call, hook: (() => unknown) | undefined): void {
  if (hook !== undefined) call.engine.detach(hook, call.context)
}

/**
 * Passes a secret to the host, once, after its write has committed; those of one resource one at a time. Throws 500 if
 * the host fails: the write remains committed, and the client should know that the password was not stored.
 */
export async function handOverSecret(
  call: Call,
  ref: ResourceRef,
  secret: Secret | undefined,
  version: RawVersion,
): Promise<void> {
  const { secrets } = call.engine
  if (secret === undefined || secrets === undefined) return
  const key = `secret ${queueKey(call.context.tenant, ref.type, ref.id)}`
  try {
    await call.engine.queue(key, async () => secrets.write(ref, secret.value, version, call.context))
  } catch (error) {
    throw new ScimError(500, 'The change is stored, but the host did not accept the password.', { cause: error })
  }
}
