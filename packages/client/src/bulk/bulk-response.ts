/** Reads the response to a bulk request. @see RFC 7644 §3.7.3 */
import { isArray, isObject, type JsonObject, type JsonValue } from '@scimkit/core/json'
import type { Failure } from '../failure.js'
import { decoded, idIn } from '../resource-path.js'
import { conflictIn } from '../wire/conflict-details.js'
import { errorDetailsIn } from '../wire/error-response.js'
import type { BulkMethod, BulkResult } from './bulk-result.js'

/** The parts of a sent operation that are needed to read its result. */
export interface Sent {
  readonly method: BulkMethod
  readonly bulkId: string
  readonly path: string
  readonly version?: string
}

/**
 * The result of each operation, in the order of the request; undefined if the body is not a BulkResponse. An operation
 * without a result was not attempted if there were `failOnErrors` errors; else its outcome is unknown.
 */
export function bulkResults(
  sent: readonly Sent[],
  body: JsonObject | undefined,
  failOnErrors: number | undefined,
): readonly BulkResult[] | undefined {
  const given = body?.Operations
  if (!isArray(given) || !given.every(isObject)) return undefined
  const found = new Map<Sent, JsonObject>()
  const byBulkId = new Map(sent.map((operation) => [operation.bulkId, operation]))
  const rest = given.filter((result) => {
    const operation = typeof result.bulkId === 'string' ? byBulkId.get(result.bulkId) : undefined
    if (operation !== undefined) found.set(operation, result)
    return operation === undefined
  })
  // A bulkId is only required for POST, RFC 7644 §3.7.3; servers that send it for POST only answer the others in order.
  for (const operation of sent) {
    if (found.has(operation)) continue
    const path = pathIn(operation, byBulkId, found)
    const i = rest.findIndex((result) => isAbout(operation, path, result))
    const [result] = i === -1 ? [] : rest.splice(i, 1)
    if (result !== undefined) found.set(operation, result)
  }
  const errors = [...found.values()].filter(({ status }) => isError(statusIn(status))).length
  const stopped = failOnErrors !== undefined && errors >= failOnErrors
  return sent.map((operation) => resultOf(operation, found.get(operation), stopped))
}

// The prefix of a bulkId in the position of an id, RFC 7644 §3.7.2.
const reference = 'bulkId:'

// The path of the operation's resource. For a resource that a POST of this request created, the response has its real id.
function pathIn({ path }: Sent, byBulkId: ReadonlyMap<string, Sent>, found: ReadonlyMap<Sent, JsonObject>): string {
  const [, endpoint, id = ''] = path.split('/')
  const maker = id.startsWith(reference) ? byBulkId.get(id.slice(reference.length)) : undefined
  const made = maker?.method === 'POST' ? found.get(maker)?.location : undefined
  const actual = typeof made === 'string' ? idIn(made) : decoded(id)
  return `/${endpoint}/${actual}`
}

function isAbout({ method }: Sent, path: string, { method: said, location }: JsonObject): boolean {
  if (typeof said !== 'string' || said.toUpperCase() !== method || method === 'POST') return false
  return typeof location !== 'string' || decoded(location).endsWith(path)
}

const isError = (status: number): boolean => !(status >= 200 && status < 400)

function resultOf(operation: Sent, result: JsonObject | undefined, stopped: boolean): BulkResult {
  if (result === undefined) {
    return stopped
      ? { kind: 'notAttempted' }
      : { kind: 'failed', failure: { kind: 'unknownOutcome', response: undefined } }
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
  const details = errorDetailsIn(body, undefined)
  if (Number.isNaN(status)) return { kind: 'unknownOutcome', response: { status: 0, ...details } }
  if (status === 404) return { kind: 'notFound', status, ...details }
  if (status === 412) {
    return {
      kind: 'versionMismatch',
      status,
      expected: version,
      current,
      changed: conflictIn(body).changed,
      ...details,
    }
  }
  if (status >= 500 && status !== 501) return { kind: 'unknownOutcome', response: { status, ...details } }
  return { kind: 'refused', status, ...details }
}
