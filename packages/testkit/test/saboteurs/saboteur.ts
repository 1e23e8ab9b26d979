import {
  type ConditionalResult,
  documentOnly,
  notFound,
  type RawVersion,
  type ResourceProvider,
  type ResourceRef,
  type ScimContext,
} from '@scimkit/core'

/** A provider that breaks one promise, and the cases that must say so. */
export interface Saboteur {
  /** What it does wrong. */
  readonly name: string
  readonly make: () => ResourceProvider
  readonly caughtBy: readonly string[]
}

/** Lets everybody else go first: where a careless provider waits for its database. */
export async function moment(): Promise<void> {
  for (let i = 0; i < 3; i++) await Promise.resolve()
}

/** The write that no provider has: on whatever version is there, again until it is done. */
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
