/** What follows a write that has won: the event, then the secret. */
import type { ScimContext } from '../context.js'
import type { WriteEvent } from '../events.js'
import type { ResourceRef } from '../resource/ref.js'
import { httpVersion, type RawVersion } from '../versioning/version.js'
import { type Engine, queueKey, timeNow } from './engine.js'
import type { Secret } from './secret.js'

/** What there is to tell of a write. */
export interface WriteReport {
  readonly operation: WriteEvent['operation']
  readonly ref: ResourceRef
  readonly before: RawVersion | undefined
  readonly after: RawVersion | undefined
  readonly attempts: number
  readonly ignored: readonly string[]
}

/** Emits the event of a write. */
export function reportWrite(engine: Engine, context: ScimContext, report: WriteReport): void {
  engine.emit({
    kind: 'write',
    requestId: context.requestId,
    at: timeNow(engine),
    operation: report.operation,
    type: report.ref.type,
    id: report.ref.id,
    tenant: context.tenant,
    principal: context.principal,
    before: report.before === undefined ? undefined : httpVersion(report.before),
    after: report.after === undefined ? undefined : httpVersion(report.after),
    attempts: report.attempts,
    ignored: report.ignored,
  })
}

/**
 * Hands a secret to the host, once, after its write has won. Secrets of one resource are handed over one at a time,
 * in the order in which their writes won, so that a slow hook cannot put an old password over a new one.
 */
export async function handOverSecret(
  engine: Engine,
  context: ScimContext,
  ref: ResourceRef,
  secret: Secret | undefined,
): Promise<void> {
  const { secrets } = engine
  if (secret === undefined || secrets === undefined) return
  await engine.queue(`secret ${queueKey(context.tenant, ref.type, ref.id)}`, async () =>
    secrets.write(ref, secret.value, context),
  )
}
