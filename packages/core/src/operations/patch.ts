/** Changes parts of a resource, all or nothing. @see RFC 7644 §3.5.2 */
import type { ScimContext } from '../context.js'
import { applyPatch } from '../patch/apply.js'
import { membersNeeded } from '../patch/members-needed.js'
import { parsePatch } from '../patch/parse.js'
import { workCounter } from '../patch/patching.js'
import { ignoredNames } from '../resource/ignored.js'
import { unconditional } from '../versioning/precondition.js'
import { commit } from './commit.js'
import type { Engine } from './engine.js'
import { findType } from './find-type.js'
import { finishWrite } from './finish-write.js'
import { bodyOf, type OutcomeByKind, type PatchOperationRequest } from './operation.js'
import { present, presentationFor, presentWithoutBody } from './present.js'

/** The resource after the write, or why it was not made. The answer about a large group has no body. */
export async function patch(
  engine: Engine,
  context: ScimContext,
  operation: PatchOperationRequest,
): Promise<OutcomeByKind['patch']> {
  const { ref, precondition = unconditional } = operation
  const { limits } = engine
  const { interop } = context
  const type = findType(engine, ref.type)
  const presentation = presentationFor(engine, context, type, operation.projection)
  const ignored = ignoredNames()
  const result = await commit(
    engine,
    context,
    { type, ref, precondition, derived: presentation.needs.derived },
    async () => {
      const operations = parsePatch(await bodyOf(operation.body), type, interop, limits)
      return {
        members: membersNeeded(type, operations, interop),
        apply: (before) =>
          applyPatch(before, operations, { type, interop, ignored, work: workCounter(limits.patchWork) }),
      }
    },
  )
  if (result.kind !== 'committed') return result
  const {
    stored,
    exact,
    crowded = false,
  } = await finishWrite(engine, context, 'patch', presentation, result, ignored.names)
  // RFC 7644 §3.5.2: with `attributes` the answer MUST be 200. Else 204 spares the body of a large group, and tells no
  // lie where a rival has changed the members since.
  const isLarge = crowded || (stored.members?.length ?? 0) > limits.patchBodyMembers
  const noBody = presentation.projection.isDefault && (isLarge || !exact)
  const value = noBody
    ? presentWithoutBody(engine, context, { ref, version: result.version })
    : present(engine, context, presentation, stored)
  return { kind: 'success', value }
}
