/** The claims of operations about one resource. @see RFC 7644 §3.3 to §3.6, §3.14; RFC 9110 §13.1 */
import type { HistoryAnswer, HistoryOperation, HistoryRequest } from '../history/operation.js'
import type { Value } from '../history/value.js'
import type { Claim } from './register.js'
import { closedStep, openStep, type Step } from './step.js'

type Answered = Extract<HistoryAnswer, { readonly kind: 'answered' }>
type WriteRequest = Extract<HistoryRequest, { readonly kind: 'PUT' | 'PATCH' | 'DELETE' }>

/**
 * The step of an operation on the resource with this id; undefined if the operation claims nothing about it. A POST
 * without a response may have created any resource of its name: pass it only for a resource without a known creator.
 */
export function resourceStep(operation: HistoryOperation, id: string): Step | undefined {
  const { request, answer } = operation
  if (answer.kind === 'unknown') {
    const claim = openClaim(request)
    return claim && openStep(operation, claim)
  }
  const claim = answer.flaw === undefined ? closedClaim(request, answer, id) : impossible(answer.flaw)
  return claim && closedStep(operation, claim)
}

function openClaim(request: HistoryRequest): Claim | undefined {
  switch (request.kind) {
    case 'GET':
    case 'SEARCH':
      return undefined
    case 'POST':
      return { kind: 'creates', tag: undefined, value: request.value }
    case 'DELETE':
      return { kind: 'removes', expected: request.ifMatch, unlike: request.ifNoneMatch }
    case 'PUT':
    case 'PATCH':
      return writes(request, undefined, undefined)
  }
}

function closedClaim(request: HistoryRequest, answer: Answered, id: string): Claim | undefined {
  switch (request.kind) {
    case 'SEARCH':
      return foundClaim(answer, id)
    case 'POST':
      return answer.status === 201 && answer.id === id ? createdClaim(request.value, answer) : undefined
    case 'GET':
      return readClaim(request.ifNoneMatch, answer)
    case 'PUT':
    case 'PATCH':
    case 'DELETE':
      return writeClaim(request, answer)
  }
}

function foundClaim({ found = [] }: Answered, id: string): Claim | undefined {
  const hit = found.find((resource) => resource.id === id)
  return hit?.tag === undefined ? undefined : { kind: 'shows', tag: hit.tag, value: hit.value, unlike: undefined }
}

function createdClaim(value: Value, answer: Answered): Claim {
  if (answer.tag === undefined) return impossible('201 without ETag')
  if (answer.value !== undefined && answer.value.key !== value.key) return impossible('201 shows another value')
  return { kind: 'creates', tag: answer.tag, value }
}

function readClaim(ifNoneMatch: string | undefined, { status, tag, value }: Answered): Claim {
  if (status === 404) return { kind: 'absent' }
  if (status === 304 && ifNoneMatch !== undefined) {
    if (tag !== undefined && tag !== ifNoneMatch) return impossible('304 with another tag than that of If-None-Match')
    return { kind: 'shows', tag: ifNoneMatch, value: undefined, unlike: undefined }
  }
  if (status !== 200) return impossible(`status ${status} is not valid for a GET`)
  return tag === undefined ? impossible('200 without ETag') : { kind: 'shows', tag, value, unlike: ifNoneMatch }
}

function writeClaim(request: WriteRequest, answer: Answered): Claim {
  const { status, tag, value } = answer
  if (status === 404) return { kind: 'absent' }
  if (status === 412) return refusedClaim(request, tag)
  if (request.kind === 'DELETE') {
    if (status !== 200 && status !== 204) return impossible(`status ${status} is not valid for a DELETE`)
    return { kind: 'removes', expected: request.ifMatch, unlike: request.ifNoneMatch }
  }
  if (status !== 200 && status !== 204) return impossible(`status ${status} is not valid for a ${request.kind}`)
  return tag === undefined ? impossible(`${status} without ETag`) : writes(request, tag, value)
}

function refusedClaim({ ifMatch, ifNoneMatch }: WriteRequest, tag: string | undefined): Claim {
  if (tag !== undefined) {
    const isRefused = (ifMatch !== undefined && tag !== ifMatch) || tag === ifNoneMatch
    return isRefused ? { kind: 'shows', tag, value: undefined, unlike: undefined } : impossible(refusedFor(ifMatch))
  }
  if (ifMatch !== undefined) {
    return ifMatch === ifNoneMatch ? { kind: 'present' } : { kind: 'differs', unlike: ifMatch }
  }
  if (ifNoneMatch === undefined) return impossible(refusedFor(undefined))
  return { kind: 'shows', tag: ifNoneMatch, value: undefined, unlike: undefined }
}

function refusedFor(ifMatch: string | undefined): string {
  return ifMatch === undefined ? '412 without a precondition that fails' : '412, although the expected tag was current'
}

function writes(
  { change, ifMatch, ifNoneMatch }: Extract<HistoryRequest, { readonly kind: 'PUT' | 'PATCH' }>,
  tag: string | undefined,
  shown: Value | undefined,
): Claim {
  // The result of a PUT is known even if the response does not show it; using it prunes the search.
  const value = tag !== undefined && change.kind === 'put' ? (shown ?? change.value) : shown
  return { kind: 'writes', expected: ifMatch, unlike: ifNoneMatch, change, tag, value }
}

function impossible(why: string): Claim {
  return { kind: 'impossible', why }
}
