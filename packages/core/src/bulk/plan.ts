/**
 * The operations of a bulk request, and the references of each of them. Nothing has been done yet.
 * @see RFC 7644 §3.7, §3.7.2
 */
import { ScimError, scimError } from '../errors.js'
import { emptyObject, isObject, type JsonValue } from '../json/value.js'
import type { Limits } from '../limits.js'
import type { BulkEntry, BulkMethod, BulkRefusal, BulkWrite } from '../operation-types/operation.js'
import { nameOf } from './reference-name.js'
import { referenceIn, referencesIn } from './references.js'

/** One operation of a bulk request, or the reason why it is invalid. */
export type Planned = PlannedWrite | BulkRefusal

/** A write that can be tried. */
export interface PlannedWrite extends BulkWrite {
  readonly method: BulkMethod
  /** The bulkIds it refers to, each that of a POST of this request. */
  readonly refersTo: ReadonlySet<string>
}

/** A parsed and analysed bulk request. */
export interface BulkPlan {
  /** In the order of the request. */
  readonly operations: readonly Planned[]
  /** The place of the POST of a bulkId. */
  readonly placeOf: ReadonlyMap<string, number>
  /** For each operation the places of the operations that must run before it. */
  readonly comesAfter: readonly (readonly number[])[]
}

/** Throws 413 for more operations than one request may have. @see RFC 7644 §3.7.4 */
export function checkOperationCount(count: number, { bulkOperations }: Pick<Limits, 'bulkOperations'>): void {
  if (count <= bulkOperations) return
  throw new ScimError(413, `The number of operations exceeds the maxOperations (${bulkOperations}).`)
}

/** Analyses a request. Throws 400 invalidSyntax if two POSTs have one bulkId: references to it would be ambiguous. */
export function planOf(entries: readonly BulkEntry[]): BulkPlan {
  const placeOf = new Map<string, number>()
  for (const [place, entry] of entries.entries()) {
    const { bulkId } = entry
    if (methodOf(entry) !== 'POST' || bulkId === undefined) continue
    if (placeOf.has(bulkId)) throw scimError.invalidSyntax('Two POSTs of the request have the same bulkId.')
    placeOf.set(bulkId, place)
  }
  const operations = entries.map((entry) => planned(entry, placeOf))
  return { operations, placeOf, comesAfter: operations.map((operation) => placesOf(operation, placeOf)) }
}

function planned(entry: BulkEntry, placeOf: ReadonlyMap<string, number>): Planned {
  if ('refusal' in entry) return entry
  const { bulkId } = entry
  const method = methodOf(entry) ?? 'POST'
  const operation = withoutServerMade(entry.operation)
  const refersTo = referencesOf(operation)
  const refusal = refusalOf(entry, refersTo, placeOf)
  const write = { method, ...(bulkId !== undefined && { bulkId }) }
  if (refusal === undefined) return { ...write, operation, refersTo }
  return { ...write, refusal, ...('ref' in operation && { ref: operation.ref }) }
}

function refusalOf(
  { bulkId, operation }: BulkWrite,
  refersTo: ReadonlySet<string>,
  placeOf: ReadonlyMap<string, number>,
): ScimError | undefined {
  if (operation.kind === 'create') {
    if (bulkId === undefined) return scimError.invalidValue('A POST needs a bulkId.')
    if (Array.isArray(operation.precondition?.match)) {
      return scimError.preconditionFailed('A create cannot have a version: the resource does not exist yet.')
    }
  }
  for (const wanted of refersTo) {
    if (!placeOf.has(wanted)) {
      return scimError.invalidValue(`The operation refers to ${nameOf(wanted)}, which no POST of the request has.`)
    }
  }
  return undefined
}

function referencesOf(operation: BulkWrite['operation']): ReadonlySet<string> {
  const inBody = operation.kind === 'remove' ? new Set<string>() : referencesIn(operation.body)
  const inPath = 'ref' in operation ? referenceIn(operation.ref.id) : undefined
  return inPath === undefined ? inBody : new Set([inPath, ...inBody])
}

function placesOf(operation: Planned, placeOf: ReadonlyMap<string, number>): readonly number[] {
  if ('refusal' in operation) return []
  return [...operation.refersTo].map((bulkId) => placeOf.get(bulkId)).filter((place) => place !== undefined)
}

// `id` and `meta` of a new resource are the server's: a client's values there are not references.
function withoutServerMade(operation: BulkWrite['operation']): BulkWrite['operation'] {
  if (operation.kind !== 'create') return operation
  const { body } = operation
  if (!isObject(body)) return operation
  const kept = emptyObject()
  for (const name of Object.keys(body)) {
    const lower = name.toLowerCase()
    if (lower !== 'id' && lower !== 'meta') kept[name] = body[name] as JsonValue
  }
  return { ...operation, body: kept }
}

function methodOf(entry: BulkEntry): BulkMethod | undefined {
  if ('refusal' in entry) return entry.method
  switch (entry.operation.kind) {
    case 'create':
      return 'POST'
    case 'replace':
      return 'PUT'
    case 'patch':
      return 'PATCH'
    case 'remove':
      return 'DELETE'
  }
}
