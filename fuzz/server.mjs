/** A server in this process, with a few resources, whose writes and failures are counted. */
import assert from 'node:assert'
import { createScim, noAuthentication } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { checkResponse } from './expectations.mjs'

const core = 'urn:ietf:params:scim:schemas:core:2.0'
/** After so many resources the server is replaced, so that memory stays bounded. */
const mostResources = 300

/** The options of all servers of fuzz targets. */
export function serverOptions(more = {}) {
  return {
    provider: memoryProvider({ history: 3 }),
    authenticate: noAuthentication(),
    me: () => ({ type: 'User', id: 'none' }),
    ...more,
  }
}

/** A server with two users and a group: `user`, the id of one who is a member of `group`. */
export async function startServer() {
  const seen = { writes: 0, errors: [] }
  const scim = createScim(
    serverOptions({
      onEvent: ({ kind }) => {
        if (kind === 'write') seen.writes += 1
      },
      onError: (error) => seen.errors.push(error),
    }),
  )
  const handle = async ({ method, target, headers = {}, body }) => {
    const bytes = body === undefined ? undefined : new TextEncoder().encode(body)
    const all = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
    return scim.handle({
      method,
      target,
      mount: '/scim/v2',
      scheme: 'https',
      host: 'scim.example',
      header: (name) => all.get(name),
      body: async (limit) =>
        bytes !== undefined && bytes.length > limit
          ? { kind: 'tooLarge' }
          : { kind: 'bytes', bytes: bytes ?? new Uint8Array() },
    })
  }
  const create = async (path, resource) =>
    JSON.parse(
      (await handle({ method: 'POST', target: `/scim/v2${path}`, headers: json, body: JSON.stringify(resource) })).body,
    ).id
  const user = await create('/Users', {
    schemas: [`${core}:User`],
    userName: 'ada',
    emails: [{ value: 'a@b.example', type: 'work' }],
  })
  // So that a list has a second page.
  await create('/Users', { schemas: [`${core}:User`], userName: 'grace' })
  const group = await create('/Groups', { schemas: [`${core}:Group`], displayName: 'Team', members: [{ value: user }] })
  return { handle, seen, user, group }
}

/** The headers of a request with a body. */
export const json = { 'content-type': 'application/scim+json' }

/** A server that is replaced when it has many resources; checks what holds for each answer. */
export function checkedServer() {
  let server
  return {
    async current() {
      if (server === undefined || server.seen.writes > mostResources) server = await startServer()
      return server
    },
    /** Sends a request. An answer above 399 has written nothing; Bulk answers 200 for the operations that it has done. */
    async send(request) {
      const { handle, seen } = await this.current()
      const before = seen.writes
      const response = await handle(request)
      checkResponse(response)
      assert.deepEqual(seen.errors, [])
      if (response.status >= 400) assert.equal(seen.writes, before, `${response.status} after a write`)
      return response
    },
  }
}
