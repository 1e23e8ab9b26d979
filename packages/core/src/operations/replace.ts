/** Replaces the document of a resource. @see RFC 7644 §3.5.1 */
import type { ScimContext } from '../context.js'
import { type Engine, paceFor } from '../engine/engine.js'
import { findType } from '../engine/find-type.js'
import { bodyOf, type ReplaceOperation } from '../operation-types/operation.js'
import type { OutcomeByKind } from '../operation-types/outcome.js'
import { done, inPortions } from '../pacing/portions.js'
import type { Permitted } from '../permissions/permit.js'
import { type Presentation, presentationFor, presentWithoutBody } from '../presenting/present.js'
import { represent } from '../presenting/represent.js'
import { ignoredNames } from '../resource/ignored-names.js'
import { readResourceInSteps } from '../resource/read-resource.js'
import type { Attribute } from '../schema/attribute.js'
import { unconditional } from '../versioning/precondition.js'
import { commit } from '../writing/commit.js'
import { finishWrite } from '../writing/finish-write.js'
import { type PasswordPlace, withPasswordPlace } from '../writing/password-place.js'

/** The resource after the write, or why it was not written. */
export async function replace(
  engine: Engine,
  context: ScimContext,
  operation: Permitted<ReplaceOperation>,
): Promise<OutcomeByKind['replace']> {
  return withPasswordPlace(engine, context, (place) => replaceWith(engine, context, operation, place))
}

async function replaceWith(
  engine: Engine,
  context: ScimContext,
  operation: Permitted<ReplaceOperation>,
  place: PasswordPlace,
): Promise<OutcomeByKind['replace']> {
  const { ref, precondition = unconditional } = operation
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
      const reading = { interop: context.interop, ignored, given }
      const steps = readResourceInSteps(type, await bodyOf(operation.body), reading)
      const document = await inPortions(steps, paceFor(engine, context))
      return {
        members: type.members === undefined ? 'none' : 'all',
        apply: () => done(document),
      }
    },
  )
  if (result.kind !== 'committed') return result
  const presentation = presentationNow()
  const { stored } = await finishWrite(engine, context, 'replace', presentation, result, ignored.names)
  if (presentation.prefer === 'minimal') {
    return { kind: 'success', value: presentWithoutBody(engine, context, stored, 'minimal') }
  }
  return { kind: 'success', value: await represent(engine, context, presentation, stored) }
}
