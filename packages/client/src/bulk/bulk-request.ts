/** A bulk request as its caller builds it, and the report of its results. */

import type { CallOptions, WriteOptions } from '../client-options.js'
import type { PatchOperation } from '../resource/patch-body.js'
import type { ResourceReference } from '../resource-path.js'
import type { AnyResource, CommonAttributes, Draft, Group, User } from '../schema/typed-resource.js'
import type { BulkMethod, BulkResult } from './bulk-result.js'

/** Options of a bulk request. */
export interface BulkOptions {
  /** The number of errors after which the server stops; without it, all operations are attempted. */
  readonly failOnErrors?: number
}

declare const about: unique symbol

/** An operation that was added; `report.resultOf(handle)` returns its result. */
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
  resultOf<Method extends BulkMethod>(handle: BulkHandle<Method>): BulkResult<Method>
}
