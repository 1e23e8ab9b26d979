import type { Exchange, ExchangeRequest, ExchangeResponse } from '../exchange.js'

const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User'
const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const json = { Accept: 'application/scim+json', 'Content-Type': 'application/scim+json' }

/** A resource that was just created, and its first tag. */
export interface Made {
  /** `/Users/42`. */
  readonly path: string
  readonly id: string
  readonly tag: string
  readonly userName: string
}

/** A name that is unique to this run and round. */
export function uniqueName(prefix: string): string {
  names += 1
  return `${prefix}-${Date.now().toString(36)}-${names.toString(36)}-${Math.random().toString(36).slice(2, 8)}`
}

let names = 0

/** A POST to /Users. */
export function creation(userName: string): ExchangeRequest {
  return { method: 'POST', path: '/Users', headers: json, body: JSON.stringify({ schemas: [userSchema], userName }) }
}

/** Creates a user with a unique name. Rejects unless the response is 201 with id and ETag. */
export async function makeUser(exchange: Exchange): Promise<Made> {
  const userName = uniqueName('race')
  return made('/Users', userName, await exchange(creation(userName)))
}

/** Creates a group without members. Rejects unless the response is 201 with id and ETag. */
export async function makeGroup(exchange: Exchange): Promise<Made> {
  const displayName = uniqueName('race')
  const body = JSON.stringify({ schemas: [groupSchema], displayName })
  return made('/Groups', displayName, await exchange({ method: 'POST', path: '/Groups', headers: json, body }))
}

function made(collection: string, name: string, response: ExchangeResponse): Made {
  const { id } = bodyOf(response)
  const tag = response.headers.etag
  if (response.status !== 201 || typeof id !== 'string' || tag === undefined) {
    throw new Error(`POST ${collection}: expected 201 with an id and an ETag, got ${described(response)}`)
  }
  return { path: `${collection}/${encodeURIComponent(id)}`, id, tag, userName: name }
}

/** A PUT that sets the title, conditional if there is a tag. */
export function put(user: Made, title: string, tag?: string): ExchangeRequest {
  const body = JSON.stringify({ schemas: [userSchema], userName: user.userName, title })
  return { method: 'PUT', path: user.path, headers: conditional(tag), body }
}

/** A PATCH of one operation, conditional if there is a tag. */
export function patch(path: string, operation: object, tag?: string): ExchangeRequest {
  const body = JSON.stringify({ schemas: [patchSchema], Operations: [operation] })
  return { method: 'PATCH', path, headers: conditional(tag), body }
}

/** A DELETE, conditional if there is a tag. */
export function remove({ path }: Pick<Made, 'path'>, tag?: string): ExchangeRequest {
  return {
    method: 'DELETE',
    path,
    headers: { Accept: json.Accept, ...(tag === undefined ? {} : { 'If-Match': tag }) },
  }
}

/** A GET. */
export function get(path: string): ExchangeRequest {
  return { method: 'GET', path, headers: { Accept: json.Accept } }
}

function conditional(tag: string | undefined): Readonly<Record<string, string>> {
  return tag === undefined ? json : { ...json, 'If-Match': tag }
}

/** The object in a body; an empty one if absent. */
export function bodyOf(response: ExchangeResponse): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(response.body)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
  } catch {
    return {}
  }
}

/** True for a 2xx. */
export function isSuccess({ status }: ExchangeResponse): boolean {
  return status >= 200 && status < 300
}

/** Throws an Error with the message unless the condition holds. */
export function ensure(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new Error(message())
}

/** Describes a response as text. */
export function described({ status, headers, body }: ExchangeResponse): string {
  return `${status}, ETag ${headers.etag ?? 'none'}, ${body.slice(0, 300)}`
}

/** The number of responses per status, `1 × 200, 63 × 412`. */
export function tally(responses: readonly ExchangeResponse[]): string {
  const counts = new Map<number, number>()
  for (const { status } of responses) counts.set(status, (counts.get(status) ?? 0) + 1)
  return [...counts].map(([status, count]) => `${count} × ${status}`).join(', ')
}
