/** Replaces the document of a resource. @see RFC 7644 §3.5.1 */
import type { Call } from '../engine/call.js'
import { paceFor } from '../engine/engine.js'
import { bodyOf, type ReplaceOperation } from '../operation-types/operation.js'
import type { OutcomeByKind } from '../operation-types/outcome.js'
import { inPortions } from '../pacing/portions.js'
import type { Permitted } from '../permissions/permit.js'
import { readResourceInSteps } from '../resource/read-resource.js'
import { replacement } from '../writing/rights/replacement.js'
import { writeExisting } from '../writing/write-existing.js'

/** The resource after the write, or why it was not written. */
export function replace(call: Call, operation: Permitted<ReplaceOperation>): Promise<OutcomeByKind['replace']> {
  const { engine, context } = call
  return writeExisting(call, operation, {
    kind: 'replace',
    async prepare({ type, given, ignored }) {
      const body = await bodyOf(operation.body)
      const steps = readResourceInSteps(type, body, {
        interop: context.interop,
        ignored,
        given,
      })
      const document = await inPortions(steps, paceFor(engine, context))
      return replacement(type, body, document, context.interop)
    },
    hasBody: () => true,
  })
}
