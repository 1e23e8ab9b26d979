/** Operations of bulk requests and their results. @see RFC 7644 §3.7 */
import type { Answer, Json } from './answer.js'
import { type Client, groupBody, type Headers, patchUrn, userBody } from './client.js'
import { expectPlainError, expectSame, expectStatus, expectThat, listAt, objectAt, violated } from './expect.js'
import { replace } from './patch-operations.js'

/** URN of a bulk request. */
export const bulkRequestUrn = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'
/** URN of a bulk response. */
export const bulkResponseUrn = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse'

/** A POST of a user with an unused name. */
export function newUser(bulkId: string, attributes: Json = {}): Json {
  return { method: 'POST', path: '/Users', bulkId, data: userBody(attributes) }
}

/** A POST of a group with an unused name. */
export function newGroup(bulkId: string, members: readonly string[] = [], attributes: Json = {}): Json {
  const data = groupBody({ members: members.map((value) => ({ value })), ...attributes })
  return { method: 'POST', path: '/Groups', bulkId, data }
}

/** A PATCH. */
export function patching(path: string, operations: readonly Json[], more: Json = {}): Json {
  return { method: 'PATCH', path, data: { schemas: [patchUrn], Operations: operations }, ...more }
}

/** A PATCH that sets the title. */
export function titling(path: string, title: string, more: Json = {}): Json {
  return patching(path, [replace('title', title)], more)
}

/** A DELETE. */
export function removal(path: string, more: Json = {}): Json {
  return { method: 'DELETE', path, ...more }
}

/** The response to a bulk request, with the result of each operation. */
export interface Bulk extends Answer {
  readonly results: readonly Json[]
  readonly statuses: readonly unknown[]
  /** The path of a result's location, `/Users/42`. Violated if it has none. */
  readonly pathOf: (place: number) => string
  readonly idOf: (place: number) => string
}

/** Sends operations. Rejects unless the response is 200 and a BulkResponse. */
export async function bulk(
  client: Client,
  operations: readonly unknown[],
  more: Json = {},
  headers: Headers = {},
): Promise<Bulk> {
  const body = { schemas: [bulkRequestUrn], Operations: operations, ...more }
  const answer = expectStatus(await client.post('/Bulk', body, headers), 200)
  expectSame(answer.json.schemas, [bulkResponseUrn], `${answer.about}: schemas`)
  const results = listAt(answer.json, 'Operations')
  const pathOf = (place: number): string => locationPath(results[place])
  return {
    ...answer,
    results,
    statuses: results.map(({ status }) => status),
    pathOf,
    idOf: (place) => decodeURIComponent(pathOf(place).split('/').at(-1) ?? ''),
  }
}

/** The results of a bulk request have these statuses, in the order of the request. */
export function expectStatuses({ about, statuses, body }: Bulk, expected: readonly string[]): void {
  expectSame(statuses, expected, `${about}: statuses in ${body.slice(0, 1_000)}`)
}

/** The result is an error of this status and scimType, in the form of the response to a single request. */
export function expectResultError({ about, results }: Bulk, place: number, status: string, scimType?: string): Json {
  const result = results[place] ?? {}
  const error = objectAt(result, 'response')
  expectSame([result.status, error.status], [status, status], `${about}: status of operation ${place}`)
  expectPlainError(error, about)
  expectThat(typeof error.detail === 'string', `${about}: operation ${place}: expected a detail`)
  if (scimType !== undefined) expectSame(error.scimType, scimType, `${about}: scimType of operation ${place}`)
  return error
}

/** The ids of a group's members, sorted. */
export async function membersOf(client: Client, path: string): Promise<readonly string[]> {
  const { json } = expectStatus(await client.get(path), 200)
  return listAt(json, 'members')
    .map(({ value }) => String(value))
    .sort()
}

function locationPath(result: Json | undefined): string {
  const location = result?.location
  if (typeof location !== 'string') return violated(`expected a location, got ${JSON.stringify(result)}`)
  return `/${location.split('/').slice(-2).join('/')}`
}
