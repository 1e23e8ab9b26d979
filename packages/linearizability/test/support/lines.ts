/** Helpers for histories written by hand: one resource `u` with the name `ann`, one line per operation, integer times. */
import {
  type Change,
  type HistoryAnswer,
  type HistoryOperation,
  type HistoryRequest,
  type Value,
  valueFrom,
} from '@scimkit/linearizability'

/** The start and the end of an operation. */
export type Span = readonly [from: number, to: number]

type Condition = { readonly ifMatch?: string; readonly ifNoneMatch?: string }

/** The id of the resource of most operations. */
export const id = 'u'

/** The name of that resource. */
export const name = 'ann'

/** A value, by its scalar and its elements. */
export const value: (scalar: string, ...elements: string[]) => Value = (scalar, ...elements) =>
  valueFrom(scalar, elements)

/** An operation of any kind. */
export function line([invoked, returned]: Span, request: HistoryRequest, answer: HistoryAnswer): HistoryOperation {
  return { client: 0, server: 0, invoked, returned, request, answer }
}

/** A response with the given status. */
export function answered(status: number, rest: Partial<Extract<HistoryAnswer, { kind: 'answered' }>> = {}) {
  return { kind: 'answered', status, ...rest } as const
}

/** No response. */
export const unknown: HistoryAnswer = { kind: 'unknown', why: 'no answer within 15000 ms' }

/** 201: the resource was created. */
export function created(span: Span, tag: string, made: Value, newId: string = id): HistoryOperation {
  return line(span, { kind: 'POST', name, value: made }, answered(201, { id: newId, tag, value: made }))
}

/** A POST with another response. */
export function creating(span: Span, made: Value, answer: HistoryAnswer): HistoryOperation {
  return line(span, { kind: 'POST', name, value: made }, answer)
}

/** 200 to a GET. */
export function seen(span: Span, tag: string, shown: Value, about: string = id): HistoryOperation {
  return line(span, { kind: 'GET', id: about }, answered(200, { tag, value: shown }))
}

/** 404 to a GET. */
export function missed(span: Span, about: string = id): HistoryOperation {
  return line(span, { kind: 'GET', id: about }, answered(404))
}

/** 304. */
export function unmodified(span: Span, tag: string): HistoryOperation {
  return line(span, { kind: 'GET', id, ifNoneMatch: tag }, answered(304, { tag }))
}

/** 200 to a PUT. */
export function replaced(span: Span, condition: Condition, tag: string, next: Value): HistoryOperation {
  return replacing(span, condition, next, answered(200, { tag, value: next }))
}

/** A PUT with another response. */
export function replacing(span: Span, condition: Condition, next: Value, answer: HistoryAnswer): HistoryOperation {
  return line(span, { kind: 'PUT', id, change: { kind: 'put', value: next }, ...condition }, answer)
}

/** 200 to a PATCH, or 204 without a value. */
export function patched(span: Span, change: Change, condition: Condition, tag: string, shown?: Value) {
  const answer = shown === undefined ? answered(204, { tag }) : answered(200, { tag, value: shown })
  return line(span, { kind: 'PATCH', id, change, ...condition }, answer)
}

/** A PATCH with another response. */
export function patching(span: Span, change: Change, condition: Condition, answer: HistoryAnswer): HistoryOperation {
  return line(span, { kind: 'PATCH', id, change, ...condition }, answer)
}

/** The change that adds an element. */
export const add: (element: string) => Change = (element) => ({ kind: 'add', element })

/** The change that replaces the scalar. */
export const set: (scalar: string) => Change = (scalar) => ({ kind: 'set', scalar })

/** 204 to a DELETE. */
export function removed(span: Span, condition: Condition = {}, about: string = id): HistoryOperation {
  return removing(span, condition, answered(204), about)
}

/** A DELETE with another response. */
export function removing(span: Span, condition: Condition, answer: HistoryAnswer, about: string = id) {
  return line(span, { kind: 'DELETE', id: about, ...condition }, answer)
}

/** A search for the name that finds these ids, without their values. */
export function found(span: Span, ...ids: readonly string[]): HistoryOperation {
  return line(span, { kind: 'SEARCH', name }, answered(200, { found: ids.map((hit) => ({ id: hit })) }))
}
