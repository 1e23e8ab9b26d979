/** Reads one resource. @see RFC 7644 §3.4.1; RFC 9110 §13.1.2 (304) */
import type { ScimContext } from '../context.js'
import { documentOnly } from '../provider/provider.js'
import { holds, isUnconditional, unconditional } from '../versioning/precondition.js'
import type { Engine } from './engine.js'
import { findType } from './find-type.js'
import type { GetOperation, OutcomeByKind } from './operation.js'
import { present, presentationFor } from './present.js'

/** The resource as the projection shows it, or 304 when the client has it already. */
export async function get(
  engine: Engine,
  context: ScimContext,
  operation: GetOperation,
): Promise<OutcomeByKind['get']> {
  const { ref, precondition = unconditional } = operation
  const type = findType(engine, ref.type)
  const presentation = presentationFor(engine, context, type, operation.projection)
  // A precondition needs the version alone; what costs more is read only when it will be shown.
  const { needs } = presentation
  if (!isUnconditional(precondition) && (needs.members !== 'none' || needs.derived)) {
    const known = await engine.provider.read(ref, documentOnly, context)
    if (known === undefined) return { kind: 'notFound' }
    if (holds(precondition, known.version) === 'none-match-failed')
      return { kind: 'notModified', version: known.version }
  }
  const stored = await engine.provider.read(ref, needs, context)
  if (stored === undefined) return { kind: 'notFound' }
  switch (holds(precondition, stored.version)) {
    case 'match-failed':
      return { kind: 'versionMismatch', expected: precondition, current: stored.version }
    case 'none-match-failed':
      return { kind: 'notModified', version: stored.version }
    case 'holds':
      return { kind: 'success', value: present(engine, context, presentation, stored) }
  }
}
