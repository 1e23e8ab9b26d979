/** How the operations of a bulk request ended. @see RFC 7644 §3.7.3 */
import { isArray, isObject, type JsonObject, type JsonValue } from '@scimkit/core'
import { conflictIn, toldBy } from './exchange.js'
import type { Failure } from './failure.js'
import { decoded, idIn } from './place.js'

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

/**
 * The end of each operation, in the order of the request; undefined if the answer is none to a bulk request. What the
 * answer does not name was not attempted if there were `failOnErrors` errors; else nobody knows.
 */
export function bulkEnds(
  sent: readonly Sent[],
  body: JsonObject | undefined,
  failOnErrors: number | undefined,
): readonly BulkEnd[] | undefined {
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
    const place = placeIn(operation, byBulkId, found)
    const i = rest.findIndex((result) => isAbout(operation, place, result))
    const [result] = i === -1 ? [] : rest.splice(i, 1)
    if (result !== undefined) found.set(operation, result)
  }
  const errors = [...found.values()].filter(({ status }) => isError(statusIn(status))).length
  const stopped = failOnErrors !== undefined && errors >= failOnErrors
  return sent.map((operation) => endOf(operation, found.get(operation), stopped))
}

// What stands before a bulkId where an id would be, RFC 7644 §3.7.2.
const reference = 'bulkId:'

// Where the operation's resource is: what a POST of this request has made is answered with the id it got.
function placeIn({ path }: Sent, byBulkId: ReadonlyMap<string, Sent>, found: ReadonlyMap<Sent, JsonObject>): string {
  const [, endpoint, id = ''] = path.split('/')
  const maker = id.startsWith(reference) ? byBulkId.get(id.slice(reference.length)) : undefined
  const made = maker?.method === 'POST' ? found.get(maker)?.location : undefined
  const actual = typeof made === 'string' ? idIn(made) : decoded(id)
  return `/${endpoint}/${actual}`
}

function isAbout({ method }: Sent, place: string, { method: said, location }: JsonObject): boolean {
  if (typeof said !== 'string' || said.toUpperCase() !== method || method === 'POST') return false
  return typeof location !== 'string' || decoded(location).endsWith(place)
}

const isError = (status: number): boolean => !(status >= 200 && status < 400)

function endOf(operation: Sent, result: JsonObject | undefined, stopped: boolean): BulkEnd {
  if (result === undefined) {
    return stopped ? { kind: 'notAttempted' } : { kind: 'failed', failure: { kind: 'unknownOutcome', told: undefined } }
  }
  const status = statusIn(result.status)
  const tag = typeof result.version === 'string' ? result.version : undefined
  if (isError(status)) return { kind: 'failed', failure: failureIn(operation, status, tag, result) }
  const location = typeof result.location === 'string' ? result.location : ''
  switch (operation.method) {
    case 'POST':
      return { kind: 'created', id: idIn(location) ?? '', location, tag }
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

function failureIn({ version }: Sent, status: number, current: string | undefined, result: JsonObject): Failure {
  const body = isObject(result.response) ? result.response : undefined
  const told = toldBy(body, undefined)
  if (Number.isNaN(status)) return { kind: 'unknownOutcome', told: { status: 0, ...told } }
  if (status === 404) return { kind: 'notFound', status, ...told }
  if (status === 412) {
    return { kind: 'versionMismatch', status, expected: version, current, changed: conflictIn(body).changed, ...told }
  }
  if (status >= 500 && status !== 501) return { kind: 'unknownOutcome', told: { status, ...told } }
  return { kind: 'refused', status, ...told }
}
