/** A whole server in memory, with clock, ids, jitter and sleep controlled by the test, called like an adapter would. */
import { memoryProvider } from '@scimkit/memory-provider'
import type { ScimEvent, WriteEvent } from '../../src/events.js'
import type { RequestBody, ScimRequest, ScimResponse } from '../../src/http/adapter-interface.js'
import { type Access, type Authenticator, noAuthentication, tenantId } from '../../src/index.js'
import type { JsonObject, JsonValue } from '../../src/json/value.js'
import { createScim, type Scim } from '../../src/scim.js'
import type { ScimOptions } from '../../src/settings/options.js'

export const core = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
export const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
export const errorUrn = 'urn:ietf:params:scim:api:messages:2.0:Error'
export const mismatchUrn = 'urn:scimkit:params:scim:api:messages:1.0:VersionMismatch'

export interface Asked {
  readonly method?: string
  readonly target?: string
  readonly mount?: string
  readonly scheme?: string
  readonly host?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  /** JSON to send; or bytes, or the body as an adapter describes it. */
  readonly body?: JsonValue | Uint8Array | RequestBody | undefined
  readonly signal?: AbortSignal
  readonly native?: unknown
}

export interface Answered {
  readonly status: number
  /** Without `X-Request-Id`, so that answers to several requests can be compared. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string | null
  /** The body, parsed; `{}` when there is none. */
  readonly json: JsonObject
}

export interface Server {
  readonly scim: Scim
  readonly events: ScimEvent[]
  readonly errors: unknown[]
  /** How long every sleep was. */
  readonly sleeps: number[]
  /** Moves the clock. */
  pass(milliseconds: number): void
  ask(asked: Asked): Promise<Answered>
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answered>
  post(path: string, body: JsonValue, headers?: Readonly<Record<string, string>>): Promise<Answered>
  put(path: string, body: JsonValue, headers?: Readonly<Record<string, string>>): Promise<Answered>
  patch(path: string, operations: readonly JsonValue[], headers?: Readonly<Record<string, string>>): Promise<Answered>
  del(path: string, headers?: Readonly<Record<string, string>>): Promise<Answered>
  writes(): readonly WriteEvent[]
}

export const mount = '/scim/v2'
export const base = 'https://scim.example/scim/v2'

/** A request as an adapter would build it. Counts how often its body was read. */
export function requestOf(asked: Asked): ScimRequest & { readonly bodyReads: () => number } {
  const { body, method = 'GET', headers = {} } = asked
  const all: Record<string, string> = {
    ...(body !== undefined && { 'content-type': 'application/scim+json' }),
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  }
  let reads = 0
  return {
    method,
    target: asked.target ?? mount,
    mount: asked.mount ?? mount,
    scheme: asked.scheme ?? 'https',
    host: 'host' in asked ? asked.host : 'scim.example',
    header: (name) => all[name],
    body: async (limit) => {
      reads++
      return bodyOf(body, limit)
    },
    bodyReads: () => reads,
    ...(asked.signal !== undefined && { signal: asked.signal }),
  }
}

function bodyOf(body: Asked['body'], limit: number): RequestBody {
  if (isRequestBody(body)) return body
  const bytes =
    body instanceof Uint8Array ? body : new TextEncoder().encode(body === undefined ? '' : JSON.stringify(body))
  return bytes.length > limit ? { kind: 'tooLarge' } : { kind: 'bytes', bytes }
}

function isRequestBody(body: Asked['body']): body is RequestBody {
  const kind = typeof body === 'object' && body !== null && 'kind' in body ? body.kind : undefined
  return kind === 'bytes' || kind === 'tooLarge' || kind === 'parsed'
}

/** An authenticator by name: `Authorization: Bearer <tenant>` authenticates for that tenant. */
export function tenantsByToken(accesses: Readonly<Record<string, Partial<Access>>>): Authenticator {
  return (request) => {
    const name = request.header('authorization')?.slice('Bearer '.length) ?? ''
    const access = Object.hasOwn(accesses, name) ? accesses[name] : undefined
    return access && { tenant: tenantId(name), ...access }
  }
}

/** A server with memory behind it. */
export function serve(options: Partial<ScimOptions> = {}): Server {
  const events: ScimEvent[] = []
  const errors: unknown[] = []
  const sleeps: number[] = []
  let now = Date.parse('2026-01-01T00:00:00.000Z')
  let ids = 0
  let drawn = 0
  const scim = createScim({
    provider: memoryProvider(),
    authenticate: noAuthentication(),
    onEvent: (event) => events.push(event),
    onError: (error) => errors.push(error),
    ...options,
    ports: {
      now: () => now,
      newId: () => `id-${++ids}`,
      random: () => 0.5,
      // Never the same, and for each server in the same order: servers with the same requests return the same tags.
      randomBytes: (count) => {
        drawn += 1
        return Uint8Array.from({ length: count }, (_, i) => (i < 4 ? drawn >> (8 * i) : i) & 255)
      },
      sleep: async (milliseconds) => {
        sleeps.push(milliseconds)
        now += milliseconds
      },
      ...options.ports,
    },
  })
  const ask = async (asked: Asked): Promise<Answered> => answered(await scim.handle(requestOf(asked), asked.native))
  const withBody =
    (method: string) =>
    async (path: string, body: JsonValue, headers: Readonly<Record<string, string>> = {}): Promise<Answered> =>
      ask({ method, target: `${mount}${path}`, body, headers })
  return {
    scim,
    events,
    errors,
    sleeps,
    ask,
    pass: (milliseconds) => {
      now += milliseconds
    },
    get: async (path, headers = {}) => ask({ target: `${mount}${path}`, headers }),
    post: withBody('POST'),
    put: withBody('PUT'),
    patch: async (path, operations, headers = {}) =>
      withBody('PATCH')(path, { schemas: [patchOp], Operations: operations }, headers),
    del: async (path, headers = {}) => ask({ method: 'DELETE', target: `${mount}${path}`, headers }),
    writes: () => events.filter((event) => event.kind === 'write'),
  }
}

function answered({ status, headers: all, body }: ScimResponse): Answered {
  const { 'X-Request-Id': _another, ...headers } = all
  return { status, headers, text: body, json: body === null ? {} : (JSON.parse(body) as JsonObject) }
}

/** The body of a new user. */
export function user(userName: string, attributes: JsonObject = {}): JsonObject {
  return { schemas: [core], userName, ...attributes }
}

/** The body of a new group. */
export function group(displayName: string, members: readonly string[] = []): JsonObject {
  return { schemas: [groupUrn], displayName, members: members.map((value) => ({ value })) }
}

/** The path and tag of a user that was just created. */
export async function made(server: Server, body: JsonObject): Promise<{ path: string; id: string; tag: string }> {
  const { status, json, headers } = await server.post(
    'members' in body || !('userName' in body) ? '/Groups' : '/Users',
    body,
  )
  if (status !== 201) throw new Error(`not created: ${status} ${JSON.stringify(json)}`)
  const id = String(json.id)
  return { id, path: `${'userName' in body ? '/Users' : '/Groups'}/${id}`, tag: headers.ETag ?? '' }
}
