/**
 * The claims of operations about a unique name. A name is a separate register: absent while it is free, else present,
 * with the id of its resource as tag. Unlike a resource, a name can be taken again after it was released.
 * @see RFC 7644 §3.3; RFC 7643 §4.1.1
 */
import type { HistoryAnswer, HistoryOperation } from '../history/operation.js'
import { nothing } from '../history/value.js'
import type { Claim } from './register.js'
import { closedStep, openStep, type Step } from './step.js'

type Answered = Extract<HistoryAnswer, { readonly kind: 'answered' }>

/**
 * The step of an operation on a name that these ids had; undefined if the operation claims nothing about the name. Another
 * deleted resource may have had the name as well, without a response that shows it.
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
  if (status !== 201) return { kind: 'impossible', why: `status ${status} is not valid for a POST` }
  return id === undefined
    ? { kind: 'impossible', why: '201 without an id' }
    : { kind: 'creates', tag: id, value: nothing }
}

function foundClaim({ status, found, flaw }: Answered): Claim {
  if (flaw !== undefined) return { kind: 'impossible', why: flaw }
  if (status !== 200 || found === undefined)
    return { kind: 'impossible', why: `status ${status} is not valid for a search` }
  const [first] = found
  if (first === undefined) return { kind: 'absent' }
  if (found.length > 1) return { kind: 'impossible', why: `${found.length} resources have one name` }
  return { kind: 'shows', tag: first.id, value: undefined, unlike: undefined }
}
