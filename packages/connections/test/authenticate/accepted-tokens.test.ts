/** Tokens that were accepted a short time ago: no digest is computed again, and every other check is made each time. */
import { describe, expect, test } from '@jest/globals'
import { tenantFromPath } from '@scimkit/core'
import { newToken } from '../../src/tokens/credential.js'
import { mapRecords } from '../support/map-records.js'
import { clockAt, portsOf, serveConnections, textOf } from '../support/platform.js'

/** A connection with a token that has just been accepted. `digests` has the texts whose digest was computed since then. */
async function acceptedOnce(clock = clockAt(), settings: { readonly expires?: number } = {}) {
  const digests: string[] = []
  const ports = {
    ...portsOf(clock),
    digest: (text: string) => {
      digests.push(text)
      return portsOf(clock).digest(text)
    },
  }
  const store = mapRecords()
  const served = serveConnections({ clock, store, ports, tenant: tenantFromPath() })
  const { connection } = await served.connections.create({ tenant: 'acme', name: 'Okta' })
  const token = await served.connections.createToken(connection.id, settings)
  const use = (text = textOf(token), tenant = 'acme') => served.accessWith(text, { tenant })
  expect(await use()).toMatchObject({ tenant: 'acme', scopes: ['scim'] })
  digests.length = 0
  return { ...served, clock, connection, token, digests, use }
}

describe('a token that was accepted a short time ago (SEC-18)', () => {
  test('is accepted without a digest, with the same access', async () => {
    const { use, digests, store, connection } = await acceptedOnce()
    store.reads.length = 0
    expect(await use()).toEqual({ tenant: 'acme', principal: `connection:${connection.id}`, scopes: ['scim'] })
    expect([digests, store.reads]).toEqual([[], []])
  })

  test('has a digest again after its record was read again', async () => {
    const { use, digests, clock, token } = await acceptedOnce()
    clock.pass(1_000)
    expect(await use()).toBeDefined()
    expect(digests).toEqual([textOf(token)])
  })

  test('another secret with the same id is refused', async () => {
    const { use, token, clock, rejections } = await acceptedOnce()
    const other = await newToken({
      randomBytes: (count) =>
        count === 12 ? Uint8Array.from(Buffer.from(token.id, 'base64url')) : new Uint8Array(count),
      digest: portsOf(clock).digest,
    })
    expect(await use(other.text)).toBeUndefined()
    expect(rejections.map(([reason]) => reason)).toEqual(['secret'])
  })

  test.each([1, 5, 20, 21, 40, 73])('the text with a change at %i is refused', async (at) => {
    const { use, token } = await acceptedOnce()
    const text = textOf(token)
    expect(await use(`${text.slice(0, at)}${text[at] === 'a' ? 'b' : 'a'}${text.slice(at + 1)}`)).toBeUndefined()
  })

  test.each(['globex', ''])("is refused at the address of the tenant '%s'", async (tenant) => {
    const { use, rejections, token } = await acceptedOnce()
    expect(await use(textOf(token), tenant)).toBeUndefined()
    expect(rejections.map(([reason]) => reason)).toEqual(['tenant'])
  })

  test('is refused from the moment in which it expires', async () => {
    const clock = clockAt()
    const { use } = await acceptedOnce(clock, { expires: clock.now + 500 })
    clock.pass(499)
    expect(await use()).toBeDefined()
    clock.pass(1)
    expect(await use()).toBeUndefined()
  })

  test('is refused at once after this process has revoked it, and has the new scopes at once', async () => {
    const { use, connections, connection, token } = await acceptedOnce()
    await connections.setScopes(connection.id, ['scim.read'])
    expect(await use()).toMatchObject({ scopes: ['scim.read'] })
    await connections.revokeToken(connection.id, token.id)
    expect(await use()).toBeUndefined()
  })

  test('is refused within a second after another process has suspended its connection', async () => {
    const { use, connection, clock, store } = await acceptedOnce()
    await serveConnections({ clock, store }).connections.suspend(connection.id)
    clock.pass(800)
    expect(await use()).toBeUndefined()
  })

  test('gives access that no host code can change', async () => {
    const { use } = await acceptedOnce()
    const access = await use()
    expect(() => Object.assign(access ?? {}, { tenant: 'globex' })).toThrow(TypeError)
    expect(() => Object.assign(access?.scopes ?? [], ['scim.read'])).toThrow(TypeError)
  })
})
