/** A SCIM server on a D1 whose calls are counted, and the requests that are sent to it. */
import { createScim, type JsonObject, noAuthentication, type ScimOptions } from '@scimkit/core'
import { type Exchange, viaHandler } from '@scimkit/testkit'
import type { D1Database, D1ProviderOptions } from '../../../src/d1.js'
import type { SqlProvider } from '../../../src/provider.js'

/** A database, and how often it has been called. */
export interface CountedDatabase {
  readonly db: D1Database
  readonly open: (options: D1ProviderOptions) => SqlProvider
  /** Calls so far. */
  readonly calls: () => number
}

/** An answer with its parsed body, and the number of calls for it. */
export interface Counted {
  readonly status: number
  readonly json: JsonObject
  readonly calls: number
}

export type Ask = (
  method: string,
  path: string,
  body?: JsonObject,
  more?: Readonly<Record<string, string>>,
) => Promise<Counted>

export const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const patchUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const bulkUrn = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'

/** Functions that send requests to a server with its own tenant. The tables exist. */
export async function countedServer(
  { open, calls }: CountedDatabase,
  options: D1ProviderOptions = {},
  tenant: string = crypto.randomUUID(),
  more: Partial<ScimOptions> = {},
): Promise<Ask> {
  const provider = open(options)
  await provider.migrate()
  const scim = createScim({
    provider,
    authenticate: noAuthentication({ tenant }),
    onError: () => undefined,
    ...more,
  })
  const exchange: Exchange = viaHandler(scim.handle)
  const ask: Ask = async (method, path, body, more) => {
    const before = calls()
    const headers = { 'Content-Type': 'application/scim+json', ...more }
    const answer = await exchange({ method, path, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })
    return {
      status: answer.status,
      json: answer.body === '' ? {} : (JSON.parse(answer.body) as JsonObject),
      calls: calls() - before,
    }
  }
  // The first request of a provider checks the schema.
  await ask('GET', '/Users/nobody')
  return ask
}

export const user = (userName: string, more: JsonObject = {}): JsonObject => ({ schemas: [userUrn], userName, ...more })

export const patchOf = (operation: JsonObject): JsonObject => ({ schemas: [patchUrn], Operations: [operation] })

export const titled = (title: string): JsonObject => patchOf({ op: 'replace', path: 'title', value: title })

export const bulkOf = (operations: readonly JsonObject[]): JsonObject => ({
  schemas: [bulkUrn],
  Operations: [...operations],
})

/** The operations of a bulk answer. */
export const resultsOf = ({ json }: Counted): readonly JsonObject[] => json.Operations as readonly JsonObject[]

/** Creates so many users, `<name><i>`, and returns their ids. */
export async function makeUsers(ask: Ask, count: number, name = 'user'): Promise<readonly string[]> {
  const ids: string[] = []
  for (let start = 0; start < count; start += 30) {
    const some = Array.from({ length: Math.min(30, count - start) }, (_, i) => `${name}${start + i}`)
    const answer = await ask(
      'POST',
      '/Bulk',
      bulkOf(some.map((one) => ({ method: 'POST', path: '/Users', bulkId: one, data: user(one) }))),
    )
    for (const result of resultsOf(answer)) ids.push(String(result.location).split('/').at(-1) ?? '')
  }
  return ids
}

/** Throws an Error with both values as JSON unless they are equal. */
export function same(what: string, found: unknown, expected: unknown): void {
  const [left, right] = [JSON.stringify(found), JSON.stringify(expected)]
  if (left !== right) throw new Error(`${what}: expected ${right}, got ${left}`)
}

/** Throws an Error unless there were no more than so many. */
export function atMost(what: string, found: number, most: number): void {
  if (found > most) throw new Error(`${what}: expected at most ${most}, got ${found}`)
}
