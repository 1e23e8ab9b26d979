/** Reads one resource. @see RFC 7644 §3.4.1; RFC 9110 §13.1.2 (304) */
import type { ScimContext } from '../context.js'
import { projectionFrom } from '../resource/projection.js'
import { holds, unconditional } from '../versioning/precondition.js'
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
  const { ref, precondition = unconditional, projection = {} } = operation
  const type = findType(engine, ref.type)
  const presentation = presentationFor(type, projectionFrom(type, projection, context.interop, engine.limits))
  const stored = await engine.provider.read(ref, presentation.needs, context)
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
