/** The steps after a committed write: the event, then the secret. */
import type { ScimContext } from '../context.js'
import { type Engine, queueKey, timeNow } from '../engine/engine.js'
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
}

/** Emits the event of a write. */
export function reportWrite(engine: Engine, context: ScimContext, report: WriteReport): void {
  const event: WriteEvent = {
    kind: 'write',
    requestId: context.requestId,
    traceId: context.trace?.traceId,
    parentId: context.trace?.parentId,
    at: timeNow(engine),
    operation: report.operation,
    type: report.ref.type,
    id: report.ref.id,
    tenant: context.tenant,
    principal: context.principal,
    before: report.before === undefined ? undefined : tagOfVersion(report.before, engine.etag),
    after: report.after === undefined ? undefined : tagOfVersion(report.after, engine.etag),
    attempts: report.attempts,
    ignored: report.ignored,
    skippedMembers: report.skippedMembers,
  }
  engine.emit(event, context)
}

/**
 * Passes a secret to the host, once, after its write has committed; those of one resource one at a time. Throws 500 if
 * the host fails: the write remains committed, and the client should know that the password was not stored.
 */
export async function handOverSecret(
  engine: Engine,
  context: ScimContext,
  ref: ResourceRef,
  secret: Secret | undefined,
  version: RawVersion,
): Promise<void> {
  const { secrets } = engine
  if (secret === undefined || secrets === undefined) return
  const key = `secret ${queueKey(context.tenant, ref.type, ref.id)}`
  try {
    await engine.queue(key, async () => secrets.write(ref, secret.value, version, context))
  } catch (error) {
    throw new ScimError(500, 'The change is stored, but the host did not accept the password.', { cause: error })
  }
}
