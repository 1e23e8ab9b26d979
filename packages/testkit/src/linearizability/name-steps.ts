/**
 * What operations claim about a unique name. The name is a register of its own: absent while it is free, else present,
 * with the id of whoever has it as its tag. Unlike a resource it may be taken again after it was given up.
 * @see RFC 7644 §3.3; RFC 7643 §4.1.1
 */
import type { HistoryAnswer, HistoryOperation } from './operation.js'
import type { Claim } from './register.js'
import { closedStep, openStep, type Step } from './step.js'
import { nothing } from './value.js'

type Answered = Extract<HistoryAnswer, { readonly kind: 'answered' }>

/**
 * The step that an operation is to a name that these ids have had; undefined if it says nothing of it. Somebody else
 * who was deleted may have had the name as well, unknown to all who asked for it.
 */
export function nameStep(operation: HistoryOperation, name: string, ids: ReadonlySet<string>): Step | undefined {
  const { request, answer } = operation
  switch (request.kind) {
    case 'POST': {
      if (request.name !== name) return undefined
      if (answer.kind === 'unknown') return openStep(operation, { kind: 'creates', tag: undefined, value: nothing })
      return closedStep(operation, createdClaim(answer))
    }
    case 'SEARCH': {
      if (request.name !== name || answer.kind === 'unknown') return undefined
      return closedStep(operation, foundClaim(answer))
    }
    case 'DELETE': {
      const claim: Claim = { kind: 'removes', expected: request.id, unlike: undefined }
      if (answer.kind === 'unknown') return openStep(operation, claim)
      if (answer.status !== 200 && answer.status !== 204) return undefined
      return ids.has(request.id) ? closedStep(operation, claim) : openStep(operation, claim)
    }
    default:
      return undefined
  }
}

function createdClaim({ status, id, flaw }: Answered): Claim {
  if (flaw !== undefined) return { kind: 'impossible', why: flaw }
  if (status === 409) return { kind: 'present' }
  if (status !== 201) return { kind: 'impossible', why: `a POST has no business with ${status}` }
  return id === undefined
    ? { kind: 'impossible', why: '201 without an id' }
    : { kind: 'creates', tag: id, value: nothing }
}

function foundClaim({ status, found, flaw }: Answered): Claim {
  if (flaw !== undefined) return { kind: 'impossible', why: flaw }
  if (status !== 200 || found === undefined)
    return { kind: 'impossible', why: `a search has no business with ${status}` }
  const [first] = found
  if (first === undefined) return { kind: 'absent' }
  if (found.length > 1) return { kind: 'impossible', why: `${found.length} resources have one name` }
  return { kind: 'shows', tag: first.id, value: undefined, unlike: undefined }
}
