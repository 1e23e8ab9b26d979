/** How the operations of a bulk request ended. @see RFC 7644 §3.7.3 */
import { isArray, isObject, type JsonObject, type JsonValue } from '@scimkit/core'
import { changedIn, toldBy } from './exchange.js'
import type { Failure } from './failure.js'

/** What an operation does, and how it is named in a bulk request. */
export type BulkMethod = 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** How one operation ended, by its method; closed, so that a `switch` over `kind` can be exhaustive. */
export type BulkEnd<Method extends BulkMethod = BulkMethod> = BulkDone<Method> | BulkFailed | BulkNotAttempted

type BulkDone<Method extends BulkMethod> = Method extends 'POST'
  ? BulkCreatedEnd
  : Method extends 'DELETE'
    ? BulkDeletedEnd
    : BulkChangedEnd

/** It is there now. */
export interface BulkCreatedEnd {
  readonly kind: 'created'
  readonly id: string
  readonly location: string
  readonly tag: string | undefined
}

/** It is changed, or was like that already. */
export interface BulkChangedEnd {
  readonly kind: 'changed'
  readonly tag: string | undefined
}

/** It is gone. */
export interface BulkDeletedEnd {
  readonly kind: 'deleted'
}

/** It did not do what it was to do; see {@link Failure}. The others are not touched by that. */
export interface BulkFailed {
  readonly kind: 'failed'
  readonly failure: Failure
}

/** The server says nothing of it: there were as many errors before as `failOnErrors` allows. */
export interface BulkNotAttempted {
  readonly kind: 'notAttempted'
}

/** An operation as it was sent, as far as its answer is read by it. */
export interface Sent {
  readonly method: BulkMethod
  readonly bulkId: string
  readonly path: string
  readonly version?: string
}

/** The end of each operation, in the order of the request; undefined if the answer is none to a bulk request. */
export function bulkEnds(sent: readonly Sent[], body: JsonObject | undefined): readonly BulkEnd[] | undefined {
  const given = body?.Operations
  if (!isArray(given) || !given.every(isObject)) return undefined
  const found = new Map<Sent, JsonObject>()
  const byBulkId = new Map(sent.map((operation) => [operation.bulkId, operation]))
  const rest = given.filter((result) => {
    const operation = typeof result.bulkId === 'string' ? byBulkId.get(result.bulkId) : undefined
    if (operation !== undefined) found.set(operation, result)
    return operation === undefined
  })
  // A bulkId is only for POST, RFC 7644 §3.7.3; servers that hold to it answer the others in order.
  for (const operation of sent) {
    if (found.has(operation)) continue
    const i = rest.findIndex((result) => isAbout(operation, result))
    const [result] = i === -1 ? [] : rest.splice(i, 1)
    if (result !== undefined) found.set(operation, result)
  }
  return sent.map((operation) => endOf(operation, found.get(operation)))
}

function isAbout({ method, path }: Sent, { method: said, location }: JsonObject): boolean {
  if (typeof said !== 'string' || said.toUpperCase() !== method || method === 'POST') return false
  return typeof location !== 'string' || location.endsWith(path)
}

function endOf(operation: Sent, result: JsonObject | undefined): BulkEnd {
  if (result === undefined) return { kind: 'notAttempted' }
  const status = statusIn(result.status)
  const tag = typeof result.version === 'string' ? result.version : undefined
  if (status >= 400 || status < 200) return { kind: 'failed', failure: failureIn(operation, status, tag, result) }
  const location = typeof result.location === 'string' ? result.location : ''
  switch (operation.method) {
    case 'POST':
      return { kind: 'created', id: decodeURIComponent(location.split('/').at(-1) ?? ''), location, tag }
    case 'DELETE':
      return { kind: 'deleted' }
    default:
      return { kind: 'changed', tag }
  }
}

// Erratum 7916: text; older servers send a number, or an object with a `code`.
function statusIn(value: JsonValue | undefined): number {
  return Number(isObject(value) ? value.code : value)
}

function failureIn({ version }: Sent, given: number, current: string | undefined, result: JsonObject): Failure {
  const status = Number.isNaN(given) ? 0 : given
  const body = isObject(result.response) ? result.response : undefined
  const told = toldBy(body, undefined)
  if (status === 404) return { kind: 'notFound', status, ...told }
  if (status === 412) {
    return { kind: 'versionMismatch', status, expected: version, current, changed: changedIn(body), ...told }
  }
  if (status >= 500 && status !== 501) return { kind: 'unknownOutcome', told: { status, ...told } }
  return { kind: 'refused', status, ...told }
}
