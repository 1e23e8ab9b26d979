/** Many writes in one request. @see RFC 7644 §3.7 */
import { type BulkMethod, type BulkResult, bulkResults, type Sent } from './bulk-report.js'
import { patchBody } from './change-writer.js'
import type { CallOptions, WriteOptions } from './client-options.js'
import { configOrNothing, type Discovery } from './discovery.js'
import { exchange, unseen, type Wire } from './exchange.js'
import { ScimClientError } from './failure.js'
import { expectedTag } from './one-resource.js'
import type { AnyResource, CommonAttributes, Draft, Group, User } from './resource.js'
import type { PatchOperation } from './resource-client.js'
import { type ResourceReference, resourcePath } from './resource-path.js'
import { toJson } from './to-json.js'
import { withSchemas } from './with-schemas.js'

/** Options of a bulk request. */
export interface BulkOptions {
  /** The number of errors after which the server stops; without it, all operations are attempted. */
  readonly failOnErrors?: number
}

declare const about: unique symbol

/** An operation that was added; `report.of(handle)` returns its result. */
export interface BulkHandle<Method extends BulkMethod> {
  readonly method: Method
  readonly bulkId: string
}

/** A resource that the request creates. Other operations of the request can change it, and refer to it by `reference`. */
export interface BulkCreated<Resource> extends BulkHandle<'POST'> {
  /** A placeholder for the id that the server will assign: `members: [{ value: ada.reference }]`. @see RFC 7644 §3.7.2 */
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
 * A bulk request, built and then sent once. It is not a transaction: a failed operation does not affect the others.
 * Writes send expected versions as single writes do: see {@link WriteOptions}.
 */
export interface BulkBuilder {
  readonly users: BulkResources<User>
  readonly groups: BulkResources<Group>
  /** Another type; `schema` is the URN for drafts without `schemas`. */
  resources<Resource extends CommonAttributes = AnyResource>(endpoint: string, schema: string): BulkResources<Resource>
  /**
   * Sends all operations in one request. Fails with `bulkLimit`, and sends nothing, if a limit of the server is exceeded:
   * only the caller knows how to split the operations. Fails with `unknownOutcome` if the response is lost.
   */
  send(options?: CallOptions): Promise<BulkReport>
}

/** The results of a bulk request. */
export interface BulkReport {
  /** In the order in which they were added. */
  readonly results: readonly BulkResult[]
  /** The number of failed operations. */
  readonly failed: number
  /** The result of one operation. Throws a TypeError for a handle of another request. */
  of<Method extends BulkMethod>(handle: BulkHandle<Method>): BulkResult<Method>
}

interface Operation extends Sent {
  readonly data?: unknown
}

/** Creates an empty bulk request. `urns` are those of User and Group. */
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
      const path = resourcePath(endpoint, ref)
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
        add('PATCH', { ...placed(ref, ifMatch, []), data: patchBody(patch.map(toJson)) }),
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
      const results = bulkResults(operations, answer, failOnErrors)
      if (results === undefined) throw unseen(`POST ${wire.base}/Bulk: the response is not a BulkResponse`, status)
      for (const [i, result] of results.entries()) remember(wire, operations[i], result)
      return reportOf(handles, results)
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
    const detail = `POST ${wire.base}/Bulk: ${limit} is ${allowed}, but the request has ${wanted}; nothing was sent`
    throw new ScimClientError(detail, { kind: 'bulkLimit', limit, allowed, wanted })
  }
  if (bulk.supported === false) complain('supported', 0, count)
  complain('maxOperations', bulk.maxOperations ?? Number.POSITIVE_INFINITY, count)
  const { length } = new TextEncoder().encode(JSON.stringify(body))
  complain('maxPayloadSize', bulk.maxPayloadSize ?? Number.POSITIVE_INFINITY, length)
}

// A failed operation does not change the cache; after a mismatch, writes fail until the resource is read again.
function remember(wire: Wire, operation: Operation | undefined, result: BulkResult): void {
  if (operation === undefined) return
  if (result.kind === 'created' && result.id !== '') wire.known.see(resourcePath(operation.path, result.id), result.tag)
  else if (result.kind === 'changed') wire.known.see(operation.path, result.tag)
  else if (result.kind === 'deleted') wire.known.see(operation.path, undefined)
}

function reportOf(handles: readonly BulkHandle<BulkMethod>[], results: readonly BulkResult[]): BulkReport {
  return {
    results,
    failed: results.filter(({ kind }) => kind === 'failed').length,
    of<Method extends BulkMethod>(handle: BulkHandle<Method>) {
      const result = results[handles.indexOf(handle)]
      if (result === undefined) throw new TypeError('bulk: this operation belongs to another request')
      // A result is determined by the method of its operation.
      return result as BulkResult<Method>
    },
  }
}
