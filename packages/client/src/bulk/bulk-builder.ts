/** Many writes in one request. @see RFC 7644 §3.7 */

import { expectedTag } from '../resource/if-match.js'
import { patchBody } from '../resource/patch-body.js'
import { type ResourceReference, resourcePath } from '../resource-path.js'
import type { Discovery } from '../schema/discovery.js'
import type { CommonAttributes, Group, User } from '../schema/typed-resource.js'
import { withSchemas } from '../schema/with-schemas.js'
import { toJson } from '../to-json.js'
import { resultMissing } from '../wire/error-response.js'
import { exchange } from '../wire/exchange.js'
import type { Wire } from '../wire/wire.js'
import { checkLimits } from './bulk-limits.js'
import type { BulkBuilder, BulkCreated, BulkHandle, BulkOptions, BulkReport, BulkResources } from './bulk-request.js'
import { bulkResults, type Sent } from './bulk-response.js'
import type { BulkMethod, BulkResult } from './bulk-result.js'

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
      if (results === undefined)
        throw resultMissing(`POST ${wire.base}/Bulk: the response is not a BulkResponse`, status)
      for (const [i, result] of results.entries()) remember(wire, operations[i], result)
      return reportOf(handles, results)
    },
  }
}

function isCreated<Resource>(ref: ResourceReference | BulkCreated<Resource>): ref is BulkCreated<Resource> {
  return typeof ref === 'object' && 'reference' in ref && 'bulkId' in ref
}

// A failed operation does not change the cache; after a mismatch, writes fail until the resource is read again.
function remember(wire: Wire, operation: Operation | undefined, result: BulkResult): void {
  if (operation === undefined) return
  if (result.kind === 'created' && result.id !== '')
    wire.cache.setTag(resourcePath(operation.path, result.id), result.tag)
  else if (result.kind === 'changed') wire.cache.setTag(operation.path, result.tag)
  else if (result.kind === 'deleted') wire.cache.setTag(operation.path, undefined)
}

function reportOf(handles: readonly BulkHandle<BulkMethod>[], results: readonly BulkResult[]): BulkReport {
  return {
    results,
    failed: results.filter(({ kind }) => kind === 'failed').length,
    resultOf<Method extends BulkMethod>(handle: BulkHandle<Method>) {
      const result = results[handles.indexOf(handle)]
      if (result === undefined) throw new TypeError('bulk: this operation belongs to another request')
      // A result is determined by the method of its operation.
      return result as BulkResult<Method>
    },
  }
}
