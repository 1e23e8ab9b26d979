/** Changes parts of a resource, all or nothing. @see RFC 7644 §3.5.2 */
import type { ScimContext } from '../context.js'
import type { Engine } from '../engine/engine.js'
import { findType } from '../engine/find-type.js'
import { bodyOf, type PatchOperationRequest } from '../operation-types/operation.js'
import type { OutcomeByKind } from '../operation-types/outcome.js'
import { applyPatchInSteps } from '../patch/apply.js'
import { membersNeeded } from '../patch/members-needed.js'
import { parsePatch } from '../patch/parse/parse-patch.js'
import { workCounter } from '../patch/patching.js'
import type { Permitted } from '../permissions/permit.js'
import { type Presentation, presentationFor, presentWithoutBody } from '../presenting/present.js'
import { represent } from '../presenting/represent.js'
import { ignoredNames } from '../resource/ignored-names.js'
import type { Attribute } from '../schema/attribute.js'
import { unconditional } from '../versioning/precondition.js'
import { commit } from '../writing/commit.js'
import { finishWrite } from '../writing/finish-write.js'
import { type PasswordPlace, withPasswordPlace } from '../writing/password-place.js'
import type { Shown } from '../writing/read-after-write.js'

/** The resource after the write, or why it was not written. The response about a large group has no body. */
export async function patch(
  engine: Engine,
  context: ScimContext,
  operation: Permitted<PatchOperationRequest>,
): Promise<OutcomeByKind['patch']> {
  return withPasswordPlace(engine, context, (place) => patchWith(engine, context, operation, place))
}

async function patchWith(
  engine: Engine,
  context: ScimContext,
  operation: Permitted<PatchOperationRequest>,
  place: PasswordPlace,
): Promise<OutcomeByKind['patch']> {
  const { ref, precondition = unconditional } = operation
  const { limits } = engine
  const { interop } = context
  const type = findType(engine, ref.type)
  const [given, ignored] = [new Set<Attribute>(), ignoredNames()]
  const presentationNow = (): Presentation =>
    presentationFor(engine, context, type, operation.projection, operation.prefer, given)
  const result = await commit(
    engine,
    context,
    { type, ref, precondition, derived: presentationNow().needs.derived },
    place,
    async () => {
      const operations = parsePatch(await bodyOf(operation.body), type, interop, limits)
      return {
        members: membersNeeded(type, operations, interop),
        apply: (before) =>
          applyPatchInSteps(before, operations, {
            type,
            interop,
            ignored,
            given,
            isChange: true,
            work: workCounter(limits.patchWork, engine.sharedWork),
          }),
      }
    },
  )
  if (result.kind !== 'committed') return result
  const presentation = presentationNow()
  const shown = await finishWrite(engine, context, 'patch', presentation, result, ignored.names)
  if (presentation.prefer === 'minimal') {
    return { kind: 'success', value: presentWithoutBody(engine, context, { ref, version: result.version }, 'minimal') }
  }
  const value = hasBody(presentation, shown, limits.patchBodyMembers)
    ? await represent(engine, context, presentation, shown.stored)
    : presentWithoutBody(engine, context, { ref, version: result.version })
  return { kind: 'success', value }
}

// RFC 7644 §3.5.2: with `attributes` the response MUST be 200. Else 204 avoids the body of a large group, and is
// correct even if a concurrent writer has changed the members since. A client that prefers a representation gets it,
// large or newer, except one whose members could not be read.
function hasBody({ projection, prefer }: Presentation, { stored, exact, crowded }: Shown, most: number): boolean {
  if (!projection.isDefault) return true
  if (prefer === 'representation') return exact || stored.members !== undefined
  return exact && crowded !== true && (stored.members?.length ?? 0) <= most
}
