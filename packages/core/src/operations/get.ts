/** Reads one resource. @see RFC 7644 §3.4.1; RFC 9110 §13.1.2 (304) */
import type { Call } from '../engine/call.js'
import { findType } from '../engine/find-type.js'
import type { GetOperation } from '../operation-types/operation.js'
import type { NotModifiedOutcome, OutcomeByKind } from '../operation-types/outcome.js'
import type { Representation } from '../operation-types/representation.js'
import type { Permitted } from '../permissions/permit.js'
import { mismatch } from '../presenting/mismatch.js'
import { presentWithoutBody } from '../presenting/present.js'
import { presentationFor } from '../presenting/presentation.js'
import { represent } from '../presenting/represent.js'
import { documentOnly } from '../provider/provider.js'
import {
  evaluatePrecondition,
  evaluatePreconditionFor,
  isUnconditional,
  unconditional,
} from '../versioning/precondition.js'

/** The resource as the projection shows it, or 304 when the client has it already. */
export async function get(call: Call, operation: Permitted<GetOperation>): Promise<OutcomeByKind['get']> {
  const { ref, precondition = unconditional } = operation
  const type = findType(call.engine, ref.type)
  const presentation = presentationFor(call, type, operation.projection)
  // A precondition needs the version alone, unless it names representations; more expensive parts are read only when
  // they are shown.
  const { needs } = presentation
  const needsMore = needs.members !== 'none' || needs.derived !== false
  if (!isUnconditional(precondition) && precondition.representations === undefined && needsMore) {
    const known = await call.engine.provider.read(ref, documentOnly, call.context)
    if (known === undefined) return { kind: 'notFound' }
    if (evaluatePrecondition(precondition, known.version) === 'none-match-failed')
      return notModified(presentWithoutBody(call, known))
  }
  const asked = isUnconditional(precondition) ? ({ ...needs, mayLag: true } as const) : needs
  const stored = await call.engine.provider.read(ref, asked, call.context)
  if (stored === undefined) return { kind: 'notFound' }
  const value = await represent(call, presentation, stored)
  const { version, tag } = value
  switch (evaluatePreconditionFor(precondition, version, tag)) {
    case 'match-failed':
      return mismatch(call, { ref, precondition }, version, tag)
    case 'none-match-failed':
      return notModified(value)
    case 'holds':
      return { kind: 'success', value }
  }
}

function notModified({ version, tag, location }: Representation): NotModifiedOutcome {
  return { kind: 'notModified', version, tag, location }
}
