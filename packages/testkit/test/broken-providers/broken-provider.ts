import type { RawVersion, ResourceRef, ScimContext } from '@scimkit/core'
import { type ConditionalResult, documentOnly, notFound, type ResourceProvider } from '@scimkit/core/provider'

/** A provider that violates one requirement, and the cases that must fail. */
export interface BrokenProvider {
  /** Its fault. */
  readonly name: string
  readonly make: () => ResourceProvider
  readonly caughtBy: readonly string[]
}

/** Yields to all other tasks: the point where an incorrect provider awaits its database. */
export async function moment(): Promise<void> {
  for (let i = 0; i < 3; i++) await Promise.resolve()
}

/** A write without a precondition, which providers do not have: retries until it succeeds. */
export async function unconditionally<Value>(
  provider: ResourceProvider,
  ref: ResourceRef,
  context: ScimContext,
  write: (version: RawVersion) => Promise<ConditionalResult<Value>> | ConditionalResult<Value>,
): Promise<ConditionalResult<Value>> {
  for (;;) {
    const now = await provider.read(ref, documentOnly, context)
    if (now === undefined) return notFound()
    const result = await write(now.version)
    if (result.kind !== 'versionMismatch') return result
  }
}
