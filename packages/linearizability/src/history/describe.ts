/** Describes operations, tags and values as text. */
import type { HistoryAnswer, HistoryOperation, HistoryRequest } from './operation.js'
import { type Change, nothing, type Value } from './value.js'

const mostElements = 6

/** One operation in one line: time, client, request and response. Times are milliseconds since `origin`. */
export function describeOperation(operation: HistoryOperation, origin: number): string {
  const { client, server, invoked, returned, request, answer } = operation
  const from = milliseconds(invoked - origin)
  const to = answer.kind === 'unknown' ? '?' : milliseconds(returned - origin)
  return `${from}–${to} ms, client ${client}, server ${server}: ${describeRequest(request)} → ${describeAnswer(answer)}`
}

/** `"title" + [a, b]`. */
export function describeValue({ scalar, elements }: Value): string {
  const shown = elements.slice(0, mostElements).join(', ')
  const more = elements.length > mostElements ? ` and ${elements.length - mostElements} more` : ''
  return `"${scalar}" + [${shown}${more}]`
}

/** A tag with its value. A register of a name has no value, only the id of its resource as tag. */
export function describeVersion(tag: string, value: Value | undefined): string {
  return value === undefined || value.key === nothing.key ? tag : `${tag}, ${describeValue(value)}`
}

function describeRequest(request: HistoryRequest): string {
  switch (request.kind) {
    case 'POST':
      return `POST${request.name === undefined ? '' : ` ${request.name}`} ${describeValue(request.value)}`
    case 'SEARCH':
      return `search for ${request.name}`
    case 'GET':
      return `GET${condition('If-None-Match', request.ifNoneMatch)}`
    case 'DELETE':
      return `DELETE${conditions(request)}`
    case 'PUT':
    case 'PATCH':
      return `${request.kind}${conditions(request)} ${describeChange(request.change)}`
  }
}

function conditions({ ifMatch, ifNoneMatch }: { readonly ifMatch?: string; readonly ifNoneMatch?: string }): string {
  return `${condition('If-Match', ifMatch)}${condition('If-None-Match', ifNoneMatch)}`
}

function condition(header: string, tag: string | undefined): string {
  return tag === undefined ? '' : ` ${header} ${tag}`
}

function describeChange(change: Change): string {
  switch (change.kind) {
    case 'put':
      return describeValue(change.value)
    case 'add':
      return `add ${change.element}`
    case 'set':
      return `replace by "${change.scalar}"`
  }
}

function describeAnswer(answer: HistoryAnswer): string {
  if (answer.kind === 'unknown') return `unknown (${answer.why})`
  const { status, tag, value, id, found } = answer
  const parts = [
    String(status),
    ...(id === undefined ? [] : [`id ${id}`]),
    ...(tag === undefined ? [] : [tag]),
    ...(value === undefined ? [] : [describeValue(value)]),
    ...(found === undefined ? [] : [`[${found.map((hit) => hit.id).join(', ')}]`]),
  ]
  return parts.join(' ')
}

function milliseconds(nanoseconds: number): string {
  return (nanoseconds / 1_000_000).toFixed(3)
}
