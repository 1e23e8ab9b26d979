/**
 * Reads from a replica that lags behind: it never decides preconditions, writes and "not found". The same requests to a provider
 * that also reads from the replica for writes show the wrong results.
 */
import { expect, it } from '@jest/globals'
import { createScim, noAuthentication } from '@scimkit/core'
import type { Needs, ResourceProvider } from '@scimkit/core/provider'
import { type Exchange, viaHandler } from '@scimkit/testkit'
import { d1Provider } from '../../src/d1.js'
import { type LaggingD1, laggingD1 } from '../support/edge/lagging-d1.js'

const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User'
const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const type = { 'Content-Type': 'application/scim+json' }

/** All reads may come from the replica, also reads for a write. */
function careless(provider: ResourceProvider): ResourceProvider {
  const lagging = (needs: Needs): Needs => ({ ...needs, mayLag: true })
  return { ...provider, read: (ref, needs, context) => provider.read(ref, lagging(needs), context) }
}

function serverOn(provider: ResourceProvider): Exchange {
  return viaHandler(
    createScim({ provider, authenticate: noAuthentication({ tenant: 'lagging' }), onError: () => {} }).handle,
  )
}

interface User {
  readonly path: string
  readonly tag: string
}

interface World {
  readonly exchange: Exchange
  readonly lagging: LaggingD1
  create(userName: string): Promise<User>
  put(
    user: User,
    title: string,
    headers?: Record<string, string>,
  ): Promise<{ readonly status: number; readonly tag: string }>
}

function worldOf(wrap: (provider: ResourceProvider) => ResourceProvider = (provider) => provider): World {
  const lagging = laggingD1()
  const exchange = serverOn(wrap(d1Provider(lagging.db, { replicas: true })))
  return {
    exchange,
    lagging,
    async create(userName) {
      const body = JSON.stringify({ schemas: [userSchema], userName, title: 'first' })
      const made = await exchange({ method: 'POST', path: '/Users', headers: type, body })
      const { id, meta } = JSON.parse(made.body) as { id: string; meta: { version: string } }
      return { path: `/Users/${id}`, tag: meta.version }
    },
    async put({ path }, title, headers = {}) {
      const body = JSON.stringify({ schemas: [userSchema], userName: path.slice(7), title })
      const { status, headers: answered } = await exchange({
        method: 'PUT',
        path,
        headers: { ...type, ...headers },
        body,
      })
      return { status, tag: String(answered.etag) }
    },
  }
}

/** The answers of each request while the replica is one write behind. */
async function answers(world: World): Promise<Readonly<Record<string, unknown>>> {
  const { exchange, lagging, create, put } = world
  const behind = async (): Promise<{ readonly user: User; readonly old: string; readonly tag: string }> => {
    const user = await create(crypto.randomUUID())
    const { tag: old } = await put(user, 'old')
    lagging.catchUp()
    const { tag } = await put(user, 'new')
    return { user, old, tag }
  }
  const get = async (path: string, headers: Record<string, string> = {}) => exchange({ method: 'GET', path, headers })
  const one = await behind()
  const matched = await put(one.user, 'newer', { 'If-Match': one.tag })
  const two = await behind()
  // The replica has this state already: if the write were skipped, the other state would stay in the database.
  const back = await put(two.user, 'old')
  lagging.catchUp()
  const shown = JSON.parse((await get(two.user.path)).body) as { title: string }
  const three = await behind()
  const changed = await get(three.user.path, { 'If-None-Match': three.old })
  const same = await get(three.user.path, { 'If-None-Match': three.tag })
  const four = await behind()
  const stale = await exchange({ method: 'DELETE', path: four.user.path, headers: { 'If-Match': four.old } })
  const removed = await exchange({ method: 'DELETE', path: four.user.path, headers: { 'If-Match': four.tag } })
  const five = await behind()
  await exchange({ method: 'DELETE', path: five.user.path, headers: {} })
  const body = JSON.stringify({ schemas: [patchSchema], Operations: [{ op: 'replace', path: 'title', value: 'old' }] })
  const gone = await exchange({ method: 'PATCH', path: five.user.path, headers: type, body })
  return {
    'PUT with the last tag': matched.status,
    'PUT of the state of the replica': [back.status, shown.title],
    'GET unless the old tag': changed.status,
    'GET unless the last tag': same.status,
    'DELETE with the old tag': stale.status,
    'DELETE with the last tag': removed.status,
    'PATCH of a deleted user': gone.status,
  }
}

it('preconditions and writes are decided by the primary', async () => {
  const world = worldOf()
  expect(await answers(world)).toEqual({
    'PUT with the last tag': 200,
    'PUT of the state of the replica': [200, 'old'],
    'GET unless the old tag': 200,
    'GET unless the last tag': 304,
    'DELETE with the old tag': 412,
    'DELETE with the last tag': 204,
    'PATCH of a deleted user': 404,
  })
  world.lagging.close()
})

it('a provider that reads from the replica for writes answers wrongly', async () => {
  const world = worldOf(careless)
  expect(await answers(world)).toMatchObject({
    'PUT with the last tag': 412,
    'PUT of the state of the replica': [200, 'new'],
    'GET unless the old tag': 304,
    'DELETE with the last tag': 412,
    'PATCH of a deleted user': 200,
  })
  world.lagging.close()
})

it('GETs and lists come from the replica, and resources that it does not find from the primary', async () => {
  const { exchange, lagging, create, put } = worldOf()
  const user = await create('ada')
  lagging.catchUp()
  await put(user, 'new')
  lagging.calls.primary = 0
  lagging.calls.replica = 0
  const list = (filter: string) => exchange({ method: 'GET', path: `/Users?filter=${encodeURIComponent(filter)}` })
  const seen = await exchange({ method: 'GET', path: user.path })
  expect(JSON.parse(seen.body)).toMatchObject({ title: 'first' })
  expect(JSON.parse((await list('userName eq "ada"')).body)).toMatchObject({ totalResults: 1 })
  expect(lagging.calls).toEqual({ primary: 0, replica: 3 })

  const later = await create('grace')
  expect(await exchange({ method: 'GET', path: later.path })).toMatchObject({ status: 200 })
  expect(JSON.parse((await list('userName eq "grace"')).body)).toMatchObject({ totalResults: 1 })
  expect((await exchange({ method: 'GET', path: '/Users/nobody' })).status).toBe(404)
  lagging.close()
})

it('a replica without tables causes no failure', async () => {
  const { exchange, lagging, create } = worldOf()
  const user = await create('ada')
  expect(await exchange({ method: 'GET', path: user.path })).toMatchObject({ status: 200 })
  lagging.close()
})

it('without the option nothing comes from a replica; with it, the binding must have sessions', async () => {
  const lagging = laggingD1()
  const { read } = d1Provider(lagging.db)
  const context = createScim({ provider: d1Provider(lagging.db) }).context({ tenant: 'lagging' as never })
  await read({ type: 'User', id: 'x' }, { members: 'none', derived: false, mayLag: true }, context)
  expect(lagging.calls.replica).toBe(0)
  const { withSession: _, ...without } = lagging.db
  expect(() => d1Provider(without, { replicas: true })).toThrow(TypeError)
  lagging.close()
})
