/** The client of the cases: an exchange with SCIM operations. */
import type { Exchange, ExchangeRequest, ExchangeResponse } from '../exchange.js'
import { isRecord } from '../traces/json.js'
import type { Answer, Json } from './answer.js'
import { expectStatus, listAt } from './expect.js'
import { listOf, type Operations } from './patch-operations.js'

/** Headers added to the default ones; `undefined` removes a default. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** A resource that was just created. */
export interface Made extends Answer {
  readonly id: string
  /** `/Users/42`. */
  readonly path: string
  /** Its userName or displayName. */
  readonly name: string
}

/** Sends requests; removes the resources that it created at the end. */
export interface Client {
  readonly send: (request: ExchangeRequest) => Promise<Answer>
  readonly get: (path: string, headers?: Headers) => Promise<Answer>
  readonly head: (path: string, headers?: Headers) => Promise<Answer>
  /** A text is sent unchanged, anything else as JSON. */
  readonly post: (path: string, body: unknown, headers?: Headers) => Promise<Answer>
  readonly put: (path: string, body: unknown, headers?: Headers) => Promise<Answer>
  /** A PatchOp of these operations. */
  readonly patch: (path: string, operations: Operations, headers?: Headers) => Promise<Answer>
  /** The same. Rejects unless the response is 200 or 204. */
  readonly change: (path: string, operations: Operations, headers?: Headers) => Promise<Answer>
  readonly remove: (path: string, headers?: Headers) => Promise<Answer>
  /** Creates a user with an unused name. Rejects unless the response is 201. */
  readonly makeUser: (attributes?: Json) => Promise<Made>
  /** Creates a group with these members. Rejects unless the response is 201. */
  readonly makeGroup: (members?: readonly Made[], attributes?: Json) => Promise<Made>
  /** A page of matching resources. Rejects unless the response is 200. */
  readonly find: (collection: string, filter: string, rest?: string) => Promise<Answer>
  /** Removes the resources created with this client. */
  readonly cleanUp: () => Promise<void>
}

const scimJson = 'application/scim+json'

/** URN of the User schema. */
export const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User'
/** URN of the Group schema. */
export const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group'
/** URN of the enterprise extension. */
export const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
/** URN of a PATCH body. */
export const patchUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
/** URN of a list. */
export const listUrn = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
/** URN of a search by POST. */
export const searchUrn = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'
/** URN of an error. */
export const errorUrn = 'urn:ietf:params:scim:api:messages:2.0:Error'

/** A well-formed tag that no resource has. */
export const otherTag = 'W/"0-0000000000000000000000ff"'

let names = 0

/** An unused name. */
export function uniqueName(prefix = 'wire'): string {
  names += 1
  return `${prefix}-${Date.now().toString(36)}-${names.toString(36)}-${Math.random().toString(36).slice(2, 8)}`
}

/** The body of a user with an unused name. */
export function userBody(attributes: Json = {}): Json {
  return { schemas: [userUrn], userName: uniqueName(), ...attributes }
}

/** The body of a group with an unused name. */
export function groupBody(attributes: Json = {}): Json {
  return { schemas: [groupUrn], displayName: uniqueName(), ...attributes }
}

/** Creates a client over an exchange. */
export function clientOf(exchange: Exchange): Client {
  const made: string[] = []
  const send: Client['send'] = async (request) => {
    const answer = answerOf(request, await exchange(request))
    made.push(...pathsMade(request, answer))
    return answer
  }
  const sendBody =
    (method: string) =>
    (path: string, body: unknown, headers: Headers = {}) =>
      send({
        method,
        path,
        headers: usual({ Accept: scimJson, 'Content-Type': scimJson }, headers),
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
  const sendBare =
    (method: string) =>
    (path: string, headers: Headers = {}) =>
      send({ method, path, headers: usual({ Accept: scimJson }, headers) })
  const get = sendBare('GET')
  const post = sendBody('POST')
  const patchWith = sendBody('PATCH')
  const patch: Client['patch'] = (path, operations, headers) =>
    patchWith(path, { schemas: [patchUrn], Operations: listOf(operations) }, headers)
  const make = async (collection: string, body: Json, name: unknown): Promise<Made> => {
    const answer = expectStatus(await post(collection, body), 201)
    const id = String(answer.json.id)
    return { ...answer, id, path: pathOf(collection, id), name: String(name) }
  }
  return {
    send,
    get,
    head: sendBare('HEAD'),
    post,
    put: sendBody('PUT'),
    patch,
    change: async (path, operations, headers) => expectStatus(await patch(path, operations, headers), [200, 204]),
    remove: sendBare('DELETE'),
    makeUser: (attributes) => {
      const body = userBody(attributes)
      return make('/Users', body, body.userName)
    },
    makeGroup: (members = [], attributes = {}) => {
      const body = groupBody({ members: members.map(({ id }) => ({ value: id })), ...attributes })
      return make('/Groups', body, body.displayName)
    },
    find: async (collection, filter, rest = '') =>
      expectStatus(await get(`${collection}?filter=${encodeURIComponent(filter)}${rest}`), 200),
    cleanUp: async () => {
      for (const path of made.splice(0)) {
        // `*` for servers that require a precondition: any current version.
        const headers = { Accept: scimJson }
        const { status } = await exchange({ method: 'DELETE', path, headers }).catch(() => ({ status: 0 }))
        if (status !== 428) continue
        await exchange({ method: 'DELETE', path, headers: { ...headers, 'If-Match': '*' } }).catch(() => undefined)
      }
    },
  }
}

// The resources that a response reports as created: by a POST, or by the POSTs of a bulk request.
function pathsMade({ path, method }: ExchangeRequest, { status, json }: Answer): readonly string[] {
  if (status === 201 && typeof json.id === 'string') return [pathOf(path, json.id)]
  if (method !== 'POST' || path !== '/Bulk') return []
  return listAt(json, 'Operations')
    .filter((operation) => operation.method === 'POST' && typeof operation.location === 'string')
    .map(({ location }) => `/${String(location).split('/').slice(-2).join('/')}`)
}

function pathOf(path: string, id: string): string {
  const [collection = ''] = path.split('?', 1)
  return `${collection.endsWith('/') ? collection.slice(0, -1) : collection}/${encodeURIComponent(id)}`
}

function usual(headers: Readonly<Record<string, string>>, own: Headers): NonNullable<ExchangeRequest['headers']> {
  const names = Object.keys(own).map((name) => name.toLowerCase())
  const kept = Object.entries(headers).filter(([name]) => !names.includes(name.toLowerCase()))
  const sent = Object.entries(own).filter((entry): entry is [string, string | readonly string[]] => {
    return entry[1] !== undefined
  })
  return Object.fromEntries([...kept, ...sent])
}

function answerOf({ method, path }: ExchangeRequest, response: ExchangeResponse): Answer {
  return { ...response, about: `${method} ${path}`, json: parsed(response.body), tag: response.headers.etag ?? '' }
}

function parsed(body: string): Json {
  try {
    const value: unknown = JSON.parse(body)
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}
