/** The operations of a history as SCIM requests. @see RFC 7644 §3 */
import type { Change, HistoryRequest } from '@scimkit/linearizability'
import type { ExchangeRequest } from '../exchange.js'
import { attributesOf, type HotType, hotUser } from './hot-type.js'

const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const accept = { Accept: 'application/scim+json' }
const json = { ...accept, 'Content-Type': 'application/scim+json' }

/** A request to send. `userName` is the spelling of the name for this request; undefined for groups. */
export function messageOf(type: HotType, request: HistoryRequest, userName: string | undefined): ExchangeRequest {
  switch (request.kind) {
    case 'GET':
      return { method: 'GET', path: pathOf(type, request.id), headers: { ...accept, ...conditions(request) } }
    case 'DELETE':
      return { method: 'DELETE', path: pathOf(type, request.id), headers: { ...accept, ...conditions(request) } }
    case 'PUT':
    case 'PATCH':
      return {
        method: request.kind,
        path: pathOf(type, request.id),
        headers: { ...json, ...conditions(request) },
        body: JSON.stringify(bodyOf(type, request.change, userName)),
      }
    case 'POST':
      return {
        method: 'POST',
        path: type.collection,
        headers: json,
        body: JSON.stringify({ schemas: [type.schema], userName, ...attributesOf(type, request.value) }),
      }
    case 'SEARCH': {
      const filter = encodeURIComponent(`userName eq ${JSON.stringify(userName)}`)
      return { method: 'GET', path: `${hotUser.collection}?filter=${filter}`, headers: accept }
    }
  }
}

function bodyOf(type: HotType, change: Change, userName: string | undefined): object {
  switch (change.kind) {
    case 'put':
      return { schemas: [type.schema], userName, ...attributesOf(type, change.value) }
    case 'add':
      return patch({ op: 'add', path: type.list, value: [{ value: change.element }] })
    case 'set':
      return patch({ op: 'replace', path: type.scalar, value: change.scalar })
  }
}

function patch(operation: object): object {
  return { schemas: [patchSchema], Operations: [operation] }
}

function pathOf({ collection }: HotType, id: string): string {
  return `${collection}/${encodeURIComponent(id)}`
}

function conditions({
  ifMatch,
  ifNoneMatch,
}: {
  readonly ifMatch?: string
  readonly ifNoneMatch?: string
}): Readonly<Record<string, string>> {
  return {
    ...(ifMatch !== undefined && { 'If-Match': ifMatch }),
    ...(ifNoneMatch !== undefined && { 'If-None-Match': ifNoneMatch }),
  }
}
