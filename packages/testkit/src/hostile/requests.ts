import type { ExchangeRequest } from '../exchange.js'

/** The URN of the core User schema. */
export const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User'
/** The URN of the core Group schema. */
export const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group'
/** The URN of the enterprise extension. */
export const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
/** The URN of a PATCH body. */
export const patchUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
/** The URN of a `.search` body. */
export const searchUrn = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'

const headers = { Accept: 'application/scim+json', 'Content-Type': 'application/scim+json' }

/** A request with a body that is sent unchanged. */
export function send(method: string, path: string, body: string | Uint8Array): ExchangeRequest {
  return { method, path, headers, body }
}

/** A GET, with extra headers if given. */
export function get(path: string, extra: Readonly<Record<string, string | readonly string[]>> = {}): ExchangeRequest {
  return { method: 'GET', path, headers: { Accept: headers.Accept, ...extra } }
}

/** The JSON text of a user with more members, which are inserted unchanged: `"title": "x"`. */
export function userText(userName: string, members = ''): string {
  const more = members === '' ? '' : `,${members}`
  return `{"schemas":["${userUrn}"],"userName":${JSON.stringify(userName)}${more}}`
}

/** A POST of a user with more members. */
export function createUser(userName: string, members = ''): ExchangeRequest {
  return send('POST', '/Users', userText(userName, members))
}

/** A PATCH whose operations are inserted unchanged. */
export function patchText(path: string, operations: string): ExchangeRequest {
  return send('PATCH', path, `{"schemas":["${patchUrn}"],"Operations":${operations}}`)
}

/** A PATCH of these operations. */
export function patch(path: string, ...operations: readonly object[]): ExchangeRequest {
  return patchText(path, JSON.stringify(operations))
}

/** A GET of users by filter. */
export function filterInTarget(filter: string): ExchangeRequest {
  return get(`/Users?filter=${encodeURIComponent(filter)}`)
}

/** A POST search of users with more members, which are inserted unchanged. */
export function search(members: string): ExchangeRequest {
  return send('POST', '/Users/.search', `{"schemas":["${searchUrn}"],${members}}`)
}

/** A POST search of users by filter. */
export function filterInBody(filter: string): ExchangeRequest {
  return search(`"filter":${JSON.stringify(filter)}`)
}
