/** Changes parts of a resource, all or nothing. @see RFC 7644 §3.5.2 */
import type { Call } from '../engine/call.js'
import { bodyOf, type PatchOperationRequest } from '../operation-types/operation.js'
import type { OutcomeByKind } from '../operation-types/outcome.js'
import { applyOperationsInSteps } from '../patch/apply-operations.js'
import { membersNeeded } from '../patch/members-needed.js'
import { parsePatch } from '../patch/parse/parse-patch.js'
import { workCounter } from '../patch/patching.js'
import { isCompletion, type Permitted } from '../permissions/permit.js'
import type { Presentation } from '../presenting/presentation.js'
import type { Shown } from '../writing/read-after-write.js'
import { checkOperations } from '../writing/rights/check-named.js'
import { writeExisting } from '../writing/write-existing.js'

/** The resource after the write, or why it was not written. The response about a large group has no body. */
export function patch(call: Call, operation: Permitted<PatchOperationRequest>): Promise<OutcomeByKind['patch']> {
  const { limits, sharedWork } = call.engine
  const { interop } = call.context
  return writeExisting(call, operation, {
    kind: 'patch',
    async prepare({ type, given, ignored }) {
      const operations = parsePatch(await bodyOf(operation.body), type, interop, limits)
      if (!isCompletion(operation)) checkOperations(type, operations, interop)
      return {
        members: membersNeeded(type, operations, interop),
        apply(before) {
          const work = workCounter(limits.patchWork, sharedWork)
          return applyOperationsInSteps(before, operations, { type, interop, ignored, given, isChange: true, work })
        },
      }
    },
    hasBody: (presentation, shown) => hasBody(presentation, shown, limits.patchBodyMembers),
  })
}

// RFC 7644 §3.5.2: with `attributes` the response MUST be 200. Else 204 avoids the body of a large group, and is
// correct even if a concurrent writer has changed the members since. A client that prefers a representation gets it,
// large or newer, except one whose members could not be read.
function hasBody({ projection, prefer }: Presentation, { stored, exact, crowded }: Shown, most: number): boolean {
  if (!projection.isDefault) return true
  if (prefer === 'representation') return exact || stored.members !== undefined
  return exact && crowded !== true && (stored.members?.length ?? 0) <= most
}
