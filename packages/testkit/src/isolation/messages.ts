import type { ExchangeRequest, ExchangeResponse } from '../exchange.js'

export const coreUser = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const coreGroup = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const enterpriseUser = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const searchRequest = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'
const bulkRequest = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'

export const json: Readonly<Record<string, string>> = {
  Accept: 'application/scim+json',
  'Content-Type': 'application/scim+json',
}

/** A request without a body. */
export function ask(method: string, path: string, headers: Readonly<Record<string, string>> = {}): ExchangeRequest {
  return { method, path, headers: { Accept: 'application/scim+json', ...headers } }
}

/** A request with a body: JSON, or its text. */
export function send(
  method: string,
  path: string,
  body: object | string,
  headers: Readonly<Record<string, string>> = {},
): ExchangeRequest {
  return {
    method,
    path,
    headers: { ...json, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }
}

/** A PATCH of these operations. */
export function patch(
  path: string,
  operations: readonly object[],
  headers: Readonly<Record<string, string>> = {},
): ExchangeRequest {
  return send('PATCH', path, { schemas: [patchOp], Operations: operations }, headers)
}

/** A list with this filter. */
export function list(path: string, filter: string): ExchangeRequest {
  return ask('GET', `${path}?filter=${encodeURIComponent(filter)}`)
}

/** A search with this filter. */
export function search(path: string, filter: string): ExchangeRequest {
  return send('POST', `${path}/.search`, { schemas: [searchRequest], filter })
}

/** A bulk request. */
export function bulk(operations: readonly object[]): ExchangeRequest {
  return send('POST', '/Bulk', { schemas: [bulkRequest], Operations: operations })
}

/** The body of a response; empty without one. */
export function bodyOf({ body }: ExchangeResponse): Readonly<Record<string, unknown>> {
  return body === '' ? {} : (JSON.parse(body) as Readonly<Record<string, unknown>>)
}
