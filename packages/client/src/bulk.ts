/** Many writes in one request. @see RFC 7644 §3.7 */
import { type BulkEnd, type BulkMethod, bulkEnds, type Sent } from './bulk-report.js'
import type { CallOptions, WriteOptions } from './client-options.js'
import { configOrNothing, type Discovery } from './discovery.js'
import { exchange, unseen, type Wire } from './exchange.js'
import { ScimClientError } from './failure.js'
import { expectedTag } from './one-resource.js'
import { placeOf, type ResourceReference } from './place.js'
import { plain } from './plain.js'
import type { AnyResource, CommonAttributes, Draft, Group, User } from './resource.js'
import type { PatchOperation } from './resource-client.js'
import { withSchemas } from './with-schemas.js'
import { patchBody } from './write-back.js'

/** What a bulk request may be given. */
export interface BulkOptions {
  /** After so many errors the server leaves the rest alone; without it all are tried. */
  readonly failOnErrors?: number
}

declare const about: unique symbol

/** An operation that was added; what it ended with is `report.of(it)`. */
export interface BulkHandle<Method extends BulkMethod> {
  readonly method: Method
  readonly bulkId: string
}

/** A resource that the request will make. Other operations of it can change it, and name it by its `reference`. */
export interface BulkCreated<Resource> extends BulkHandle<'POST'> {
  /** Stands for the id that the resource will have: `members: [{ value: ada.reference }]`. @see RFC 7644 §3.7.2 */
  readonly reference: string
  readonly [about]?: Resource
}

/** The writes of one type. Nothing is sent before `send()`. */
export interface BulkResources<Resource extends CommonAttributes> {
  create(draft: Draft<Resource>): BulkCreated<Resource>
  replace(
    ref: ResourceReference | BulkCreated<Resource>,
    draft: Draft<Resource>,
    options?: Pick<WriteOptions, 'ifMatch'>,
  ): BulkHandle<'PUT'>
  patch(
    ref: ResourceReference | BulkCreated<Resource>,
    operations: readonly PatchOperation[],
    options?: Pick<WriteOptions, 'ifMatch'>,
  ): BulkHandle<'PATCH'>
  delete(ref: ResourceReference | BulkCreated<Resource>, options?: Pick<WriteOptions, 'ifMatch'>): BulkHandle<'DELETE'>
}

/**
 * A bulk request, put together and then sent once. It is no transaction: an operation that fails changes nothing about
 * the others. Writes are held to versions as they would be alone: see {@link WriteOptions}.
 */
export interface BulkBuilder {
  readonly users: BulkResources<User>
  readonly groups: BulkResources<Group>
  /** Another type; `schema` is the URN for drafts that bring none. */
  resources<Resource extends CommonAttributes = AnyResource>(endpoint: string, schema: string): BulkResources<Resource>
  /**
   * Sends it all in one request. Ends with `bulkLimit`, and sends nothing, if that is more than the server takes: what
   * belongs into which request only the caller knows. Ends with `unknownOutcome` if the answer is lost.
   */
  send(options?: CallOptions): Promise<BulkReport>
}

/** How a bulk request ended. */
export interface BulkReport {
  /** In the order in which they were added. */
  readonly ends: readonly BulkEnd[]
  /** How many failed. */
  readonly failed: number
  /** The end of one operation. Throws a TypeError for one of another request. */
  of<Method extends BulkMethod>(handle: BulkHandle<Method>): BulkEnd<Method>
}

interface Operation extends Sent {
  readonly data?: unknown
}

/** An empty bulk request. `urns` are those of User and Group. */
export function bulkBuilder(
  wire: Wire,
  discovery: Discovery,
  { failOnErrors }: BulkOptions,
  urns: { readonly user: string; readonly group: string },
): BulkBuilder {
  const operations: Operation[] = []
  const handles: BulkHandle<BulkMethod>[] = []
  let isSent = false

  const add = <Method extends BulkMethod>(method: Method, operation: Omit<Operation, 'method' | 'bulkId'>) => {
    if (isSent) throw new TypeError('bulk: this request has been sent; begin another')
    const handle = { method, bulkId: `op${operations.length + 1}` }
    operations.push({ ...handle, ...operation })
    handles.push(handle)
    return handle
  }
  const resources = <Resource extends CommonAttributes>(endpoint: string, schema: string): BulkResources<Resource> => {
    const placed = (
      ref: ResourceReference | BulkCreated<Resource>,
      asked: string | false | undefined,
      inHand: unknown[],
    ) => {
      if (isCreated(ref)) return { path: `${endpoint}/${ref.reference}` }
      const path = placeOf(endpoint, ref)
      const version = expectedTag(wire, path, asked, [ref, ...inHand])
      return version === undefined ? { path } : { path, version }
    }
    return {
      create(draft) {
        const handle = add('POST', { path: endpoint, data: withSchemas(draft, schema) })
        return Object.assign(handle, { reference: `bulkId:${handle.bulkId}` })
      },
      replace: (ref, draft, { ifMatch } = {}) =>
        add('PUT', { ...placed(ref, ifMatch, [draft]), data: withSchemas(draft, schema) }),
      patch: (ref, patch, { ifMatch } = {}) =>
        add('PATCH', { ...placed(ref, ifMatch, []), data: patchBody(patch.map(plain)) }),
      delete: (ref, { ifMatch } = {}) => add('DELETE', placed(ref, ifMatch, [])),
    }
  }

  return {
    users: resources<User>('/Users', urns.user),
    groups: resources<Group>('/Groups', urns.group),
    resources: (endpoint, schema) => resources(endpoint.startsWith('/') ? endpoint : `/${endpoint}`, schema),
    async send(options = {}) {
      if (isSent) throw new TypeError('bulk: this request has been sent; begin another')
      const body = {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
        ...(failOnErrors !== undefined && { failOnErrors }),
        Operations: operations,
      }
      if (operations.length === 0) return reportOf(handles, [])
      isSent = true
      try {
        await checkLimits(wire, discovery, operations.length, body, options)
      } catch (error) {
        isSent = false
        throw error
      }
      const { status, body: answer } = await exchange(wire, { method: 'POST', target: '/Bulk', body, ...options })
      const ends = bulkEnds(operations, answer, failOnErrors)
      if (ends === undefined) throw unseen(`POST ${wire.base}/Bulk: the answer is none to a bulk request`, status)
      for (const [i, end] of ends.entries()) remember(wire, operations[i], end)
      return reportOf(handles, ends)
    },
  }
}

function isCreated<Resource>(ref: ResourceReference | BulkCreated<Resource>): ref is BulkCreated<Resource> {
  return typeof ref === 'object' && 'reference' in ref && 'bulkId' in ref
}

async function checkLimits(
  wire: Wire,
  discovery: Discovery,
  count: number,
  body: unknown,
  options: CallOptions,
): Promise<void> {
  const { bulk = {} } = await configOrNothing(discovery, options)
  const complain = (limit: 'supported' | 'maxOperations' | 'maxPayloadSize', allowed: number, wanted: number): void => {
    if (wanted <= allowed) return
    const detail = `POST ${wire.base}/Bulk: ${limit} is ${allowed}, this would be ${wanted}; nothing was sent`
    throw new ScimClientError(detail, { kind: 'bulkLimit', limit, allowed, wanted })
  }
  if (bulk.supported === false) complain('supported', 0, count)
  complain('maxOperations', bulk.maxOperations ?? Number.POSITIVE_INFINITY, count)
  const { length } = new TextEncoder().encode(JSON.stringify(body))
  complain('maxPayloadSize', bulk.maxPayloadSize ?? Number.POSITIVE_INFINITY, length)
}

// Of a failed operation nothing new is known; a mismatch keeps refusing until somebody has read.
function remember(wire: Wire, operation: Operation | undefined, end: BulkEnd): void {
  if (operation === undefined) return
  if (end.kind === 'created' && end.id !== '') wire.known.see(placeOf(operation.path, end.id), end.tag)
  else if (end.kind === 'changed') wire.known.see(operation.path, end.tag)
  else if (end.kind === 'deleted') wire.known.see(operation.path, undefined)
}

function reportOf(handles: readonly BulkHandle<BulkMethod>[], ends: readonly BulkEnd[]): BulkReport {
  return {
    ends,
    failed: ends.filter(({ kind }) => kind === 'failed').length,
    of<Method extends BulkMethod>(handle: BulkHandle<Method>) {
      const end = ends[handles.indexOf(handle)]
      if (end === undefined) throw new TypeError('bulk: this operation belongs to another request')
      // An end is made by the method of its operation.
      return end as BulkEnd<Method>
    },
  }
}
