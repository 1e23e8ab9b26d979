/** The steps that PUT and PATCH share: they differ in the change, and in when a response has a body. */
import type { Call } from '../engine/call.js'
import { findType } from '../engine/find-type.js'
import { documentText } from '../json/value.js'
import type { PatchOperationRequest, ReplaceOperation } from '../operation-types/operation.js'
import type { ResourceOutcome, UnwrittenOutcome } from '../operation-types/outcome.js'
import type { Permitted } from '../permissions/permit.js'
import { presentWithoutBody } from '../presenting/present.js'
import { type Presentation, presentationFor } from '../presenting/presentation.js'
import { represent } from '../presenting/represent.js'
import { type IgnoredNames, ignoredNames } from '../resource/ignored-names.js'
import type { Attribute, ResourceType } from '../schema/attribute.js'
import { unconditional } from '../versioning/precondition.js'
import { callAfterHook, handOverSecret, reportWrite, type WriteReport } from './after-write.js'
import { commit } from './commit.js'
import type { Change, Committed } from './commit-result.js'
import { withPasswordPlace } from './password-place.js'
import { readAfterWrite, type Shown } from './read-after-write.js'

/** The inputs of a change besides the body, and what reading the body adds to them. */
export interface ChangeInputs {
  readonly type: ResourceType
  /** The attributes `returned: request` in the body: the response shows them. */
  readonly given: Set<Attribute>
  /** The names in the body that were left out of the write. */
  readonly ignored: IgnoredNames
}

/** One of the two writes. */
export interface ExistingWrite {
  readonly kind: 'replace' | 'patch'
  /** Reads the body; called at most once, when the resource exists and the precondition holds. */
  prepare(inputs: ChangeInputs): Promise<Omit<Change, 'kind'>>
  /** Whether the response to this write contains the resource. */
  hasBody(presentation: Presentation, shown: Shown): boolean
}

/**
 * The resource after the write, or why it was not written. Throws the errors of `prepare`, of {@link commit}, and 400
 * invalidValue for an invalid projection, before anything is read.
 */
export async function writeExisting(
  call: Call,
  operation: Permitted<ReplaceOperation | PatchOperationRequest>,
  write: ExistingWrite,
): Promise<ResourceOutcome | UnwrittenOutcome> {
  const { ref, precondition = unconditional, projection, prefer } = operation
  const type = findType(call.engine, ref.type)
  const inputs = { type, given: new Set<Attribute>(), ignored: ignoredNames() }
  const presentation = presentationFor(call, type, projection, prefer, inputs.given)
  const target = { type, ref, precondition, derived: presentation.needs.derived }
  return withPasswordPlace(call, async (place) => {
    const result = await commit(call, target, place, async () => ({
      kind: write.kind,
      ...(await write.prepare(inputs)),
    }))
    if (result.kind !== 'committed') return result
    const shown = await finish(call, write.kind, presentation, result, inputs.ignored.names)
    if (presentation.prefer === 'minimal') {
      return { kind: 'success', value: presentWithoutBody(call, { ref, version: result.version }, 'minimal') }
    }
    const value = write.hasBody(presentation, shown)
      ? await represent(call, presentation, shown.stored)
      : presentWithoutBody(call, { ref, version: result.version })
    return { kind: 'success', value }
  })
}

/** The steps after the commit: the event, the secret, and the state that the response shows. */
export async function finish(
  call: Call,
  operation: ExistingWrite['kind'],
  presentation: Presentation,
  result: Committed,
  ignored: readonly string[],
  more: Pick<WriteReport, 'duplicate'> = {},
): Promise<Shown> {
  const { before, version, lastModified, resource, members, skippedMembers, attempts, secret } = result
  const { ref, created } = before
  const report = { operation, ref, before: before.version, after: version, attempts, ignored, skippedMembers }
  reportWrite(call, { ...report, ...more })
  callAfterHook(call, result.callAfter)
  await handOverSecret(call, ref, secret, version)
  const written = { ref, version, created, lastModified, resource, json: documentText(resource) }
  return readAfterWrite(call, presentation, { written, members, before })
}
