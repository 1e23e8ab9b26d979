/** Requests with the tokens of connections. */
import { describe, expect, test } from '@jest/globals'
import { ScimError, tenantFromPath } from '@scimkit/core'
import { insertToken, readConnection } from '../../src/records/stored-records.js'
import { newToken } from '../../src/tokens/credential.js'
import { mapRecords } from '../support/map-records.js'
import { clockAt, portsOf, requestWith, serveConnections, settled, textOf } from '../support/platform.js'

const day = 86_400_000

describe('authentication by the tokens of connections (SEC-18)', () => {
  test('a token gives the tenant, the connection as the caller, and the scopes', async () => {
    const { connections, accessWith } = serveConnections()
    const { connection, token } = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
    expect(await accessWith(textOf(token))).toEqual({
      tenant: 'acme',
      principal: `connection:${connection.id}`,
      scopes: ['scim'],
    })
  })

  test.each<[string, (token: string) => string | undefined]>([
    ['no header', () => undefined],
    ['an empty header', () => ''],
    ['an empty token (INC-17)', () => 'Bearer '],
    ['another scheme', (token) => `Basic ${token}`],
    ['two tokens', (token) => `Bearer ${token}, Bearer ${token}`],
    ['a quoted token', (token) => `Bearer "${token}"`],
    ['a longer token', (token) => `Bearer ${token}a`],
    ['a shorter token', (token) => `Bearer ${token.slice(0, -1)}`],
    ['the id alone', (token) => `Bearer ${token.slice(0, 21)}`],
    ['the word undefined', () => 'Bearer undefined'],
  ])('%s is refused without a read of the store', async (_case, headerFor) => {
    const { connections, store } = serveConnections()
    const { token } = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
    store.reads.length = 0
    expect(await connections.authenticate(requestWith(headerFor(textOf(token))), undefined)).toBeUndefined()
    expect(store.reads).toEqual([])
  })

  test('whatever is wrong, the result and the number of reads are the same (SEC-6)', async () => {
    const clock = clockAt()
    const { connections, store, rejections } = serveConnections({ clock })
    const [active, suspended, decommissioned] = await Promise.all(
      ['a', 'b', 'c'].map((name) => connections.create({ tenant: 'acme', name, token: true })),
    )
    if (active === undefined || suspended === undefined || decommissioned === undefined) throw new Error('not created')
    const expired = await connections.createToken(active.connection.id, { expires: clock.now + day })
    const unknown = await newToken(portsOf(clock))
    // A text with the id of a token and another secret, with a valid checksum.
    const other = await newToken({
      randomBytes: (count) =>
        count === 12 ? Uint8Array.from(Buffer.from(active.token?.id ?? '', 'base64url')) : new Uint8Array(count),
      digest: portsOf(clock).digest,
    })
    await connections.suspend(suspended.connection.id)
    await connections.decommission(decommissioned.connection.id, { users: 'keep' })
    clock.pass(2 * day)
    const cases: Record<string, string> = {
      unknown: unknown.text,
      secret: other.text,
      expired: expired.text,
      suspended: textOf(suspended.token),
    }
    for (const [reason, text] of Object.entries(cases)) {
      // Nothing is kept from the case before.
      clock.pass(1_000)
      const fresh = serveConnections({ clock, store })
      store.reads.length = 0
      const request = requestWith(`Bearer ${text}`)
      expect(await fresh.connections.authenticate(request, undefined)).toBeUndefined()
      expect(store.reads.map((keys) => keys.map((key) => key.split('/')[0]))).toEqual([['token'], ['connection']])
      // A store may reject a key without an id.
      for (const key of store.reads.flat()) expect(key).toMatch(/^(token|connection)\/[\w-]{16,22}$/)
      expect(fresh.rejections.map(([why]) => why)).toEqual([reason])
      await settled()
    }
    // The token of a decommissioned connection is removed with it.
    expect(await connections.authenticate(requestWith(`Bearer ${textOf(decommissioned.token)}`), undefined)).toBe(
      undefined,
    )
    expect(rejections.at(-1)?.[0]).toBe('unknown')
  })

  test("a token is refused at another tenant's address, whether that tenant exists or not (INC-20)", async () => {
    const clock = clockAt()
    const store = mapRecords()
    const setUp = serveConnections({ clock, store })
    const { token } = await setUp.connections.create({ tenant: 'acme', name: 'Okta', token: true })
    await setUp.connections.create({ tenant: 'globex', name: 'Entra', token: true })
    const readsFor = async (tenant: string | undefined) => {
      const { accessWith, rejections } = serveConnections({ clock, store, tenant: tenantFromPath() })
      store.reads.length = 0
      const access = await accessWith(textOf(token), tenant === undefined ? {} : { tenant })
      const reads = store.reads.map((keys) => keys.join())
      await settled()
      clock.pass(120_000)
      return { tenant: access?.tenant, reads, reasons: rejections.map(([reason]) => reason) }
    }
    const own = await readsFor('acme')
    expect(own.tenant).toBe('acme')
    const existing = await readsFor('globex')
    expect(existing).toMatchObject({ tenant: undefined, reasons: ['tenant'] })
    expect(existing.reads).toEqual(own.reads)
    expect(await readsFor('nowhere')).toEqual(existing)
    expect(await readsFor('ACME')).toEqual(existing)
    expect(await readsFor('')).toEqual(existing)
    expect(await readsFor(undefined)).toEqual(existing)
  })

  test('a store that fails is 503, never 401, unless the record is kept', async () => {
    const clock = clockAt()
    const { connections, store, accessWith } = serveConnections({ clock })
    const { token } = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
    expect(await accessWith(textOf(token))).toBeDefined()
    const failure = new Error('the database is gone')
    store.failure = failure
    clock.pass(700)
    expect(await accessWith(textOf(token))).toBeDefined()
    clock.pass(100)
    const error = await accessWith(textOf(token)).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ScimError)
    expect(error).toMatchObject({ status: 503, headers: { 'Retry-After': '1' }, cause: failure })
    expect((error as ScimError).message).not.toContain('database')
    const other = await newToken(portsOf(clock))
    await expect(accessWith(other.text)).rejects.toMatchObject({ status: 503 })
    store.failure = undefined
    expect(await accessWith(textOf(token))).toBeDefined()
  })

  test('a token ends at its time, and two are valid while one replaces the other', async () => {
    const { connections, accessWith, clock } = serveConnections()
    const { connection, token } = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
    const next = await connections.rotate(connection.id)
    expect(await accessWith(textOf(token))).toBeDefined()
    expect(await accessWith(next.text)).toBeDefined()
    clock.pass(day - 1)
    expect(await accessWith(textOf(token))).toBeDefined()
    clock.pass(1)
    expect(await accessWith(textOf(token))).toBeUndefined()
    expect(await accessWith(next.text)).toBeDefined()
  })

  test('access tokens end with their secret, their keys and their settings', async () => {
    const { connections, accessWith, clock, store, rejections } = serveConnections()
    const { connection, secret } = await connections.create({ tenant: 'acme', name: 'Entra', oauth: { secret: true } })
    // As the token endpoint stores them.
    const issue = async (): Promise<string> => {
      const { record } = (await readConnection(store, connection.id)) ?? {}
      const made = await newToken(portsOf(clock))
      await store.write([
        insertToken({
          id: made.id,
          connection: connection.id,
          tenant: 'acme',
          issued: 'oauth',
          audience: 'scim',
          digest: made.digest,
          scopes: ['scim'],
          created: new Date(clock.now).toISOString(),
          expires: clock.now + 3_600_000,
          generation: record?.generation,
          secret: secret?.id,
        }),
      ])
      return made.text
    }
    const first = await issue()
    expect(await accessWith(first)).toBeDefined()
    await connections.endAccessTokens(connection.id)
    expect(await accessWith(first)).toBeUndefined()
    const second = await issue()
    expect(await accessWith(second)).toBeDefined()
    await connections.revokeSecret(connection.id, secret?.id ?? '')
    expect(await accessWith(second)).toBeUndefined()
    await connections.setOAuth(connection.id, undefined)
    const third = await issue()
    expect(await accessWith(third)).toBeUndefined()
    expect(new Set(rejections.map(([reason]) => reason))).toEqual(new Set(['ended']))
    await connections.setOAuth(connection.id, {})
    expect(await accessWith(third)).toBeUndefined()
  })

  test('scopes of a connection limit its tokens, and an empty rest permits nothing', async () => {
    const { connections, accessWith } = serveConnections()
    const { connection, token } = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
    await connections.setScopes(connection.id, ['scim.read'])
    expect((await accessWith(textOf(token)))?.scopes).toEqual(['scim.read'])
    await connections.setScopes(connection.id, ['reports'])
    expect((await accessWith(textOf(token)))?.scopes).toEqual([])
  })
})

describe('revocation (SEC-18)', () => {
  const actions: [
    string,
    (served: ReturnType<typeof serveConnections>, id: string, token: string) => Promise<unknown>,
  ][] = [
    ['revokeToken', ({ connections }, id, token) => connections.revokeToken(id, token)],
    ['suspend', ({ connections }, id) => connections.suspend(id)],
    ['decommission', ({ connections }, id) => connections.decommission(id, { users: 'keep' })],
    ['rotate without grace', ({ connections }, id) => connections.rotate(id, { graceMilliseconds: 0 })],
  ]
  test.each(actions)('%s has effect in another process within a second', async (_name, revoke) => {
    const clock = clockAt()
    const store = mapRecords()
    const [one, two] = [serveConnections({ clock, store }), serveConnections({ clock, store })]
    const { connection, token } = await one.connections.create({ tenant: 'acme', name: 'Okta', token: true })
    const text = textOf(token)
    for (const process of [one, two]) expect(await process.accessWith(text)).toBeDefined()
    clock.pass(100)
    await revoke(one, connection.id, token?.id ?? '')
    expect(await one.accessWith(text)).toBeUndefined()
    clock.pass(699)
    // The copy is 799 ms old.
    expect(await two.accessWith(text)).toBeDefined()
    clock.pass(1)
    expect(await two.accessWith(text)).toBeUndefined()
  })

  test('the age of a record counts from the start of its read', async () => {
    const clock = clockAt()
    const { connections, store, accessWith } = serveConnections({ clock })
    const { connection, token } = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
    store.beforeRead = () => clock.pass(500)
    expect(await accessWith(textOf(token))).toBeDefined()
    store.beforeRead = undefined
    // By another process: this one learns nothing.
    await serveConnections({ clock, store }).connections.revokeToken(connection.id, token?.id ?? '')
    // The token was read 1,000 ms ago, and its answer came 500 ms ago.
    expect(await accessWith(textOf(token))).toBeUndefined()
  })

  test('an end of a suspension and a new token have effect at once, in every process', async () => {
    const clock = clockAt()
    const store = mapRecords()
    const [one, two] = [serveConnections({ clock, store }), serveConnections({ clock, store })]
    const { connection, token } = await one.connections.create({ tenant: 'acme', name: 'Okta', token: true })
    await one.connections.suspend(connection.id)
    expect(await two.accessWith(textOf(token))).toBeUndefined()
    await one.connections.resume(connection.id)
    expect(await two.accessWith(textOf(token))).toBeDefined()
    const another = await one.connections.createToken(connection.id)
    expect(await two.accessWith(another.text)).toBeDefined()
  })
})

describe('last use and last error', () => {
  test('are written once a minute at most, after the response', async () => {
    const { connections, store, accessWith, clock } = serveConnections()
    const { connection, token } = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
    const before = store.writes.length
    for (let i = 0; i < 20; i++) {
      await accessWith(textOf(token))
      await settled()
      clock.pass(2_500)
    }
    expect(store.writes.length - before).toBe(1)
    // Nor is the record read more often.
    expect(store.reads.filter(([key]) => key?.startsWith('use/'))).toHaveLength(1)
    clock.pass(10_000)
    await accessWith(textOf(token))
    await settled()
    expect(store.writes.length - before).toBe(2)
    const at = new Date(clock.now).toISOString()
    expect(await connections.testConnection(connection.id)).toMatchObject({ lastUsed: at, tokens: [{ lastUsed: at }] })
  })

  test('two processes write once a minute together', async () => {
    const clock = clockAt()
    const store = mapRecords()
    const [one, two] = [serveConnections({ clock, store }), serveConnections({ clock, store })]
    const { token } = await one.connections.create({ tenant: 'acme', name: 'Okta', token: true })
    const before = store.writes.length
    for (const process of [one, two]) {
      await process.accessWith(textOf(token))
      await settled()
    }
    expect(store.writes.length - before).toBe(1)
  })

  test('a write that fails fails no request, and is reported', async () => {
    const { connections, store, accessWith, errors } = serveConnections()
    const { token } = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
    store.beforeWrite = () => Promise.reject(new Error('full'))
    expect(await accessWith(textOf(token))).toBeDefined()
    await settled()
    expect(errors.map(String)).toEqual(['Error: full'])
  })

  test('a write that never ends delays no request', async () => {
    const { connections, store, accessWith } = serveConnections()
    const { token } = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
    store.beforeWrite = () => new Promise(() => undefined)
    for (let i = 0; i < 3; i++) expect(await accessWith(textOf(token))).toBeDefined()
  })

  test('a refused request is the last error of its connection, by its reason', async () => {
    const { connections, accessWith, clock } = serveConnections()
    const { connection, token } = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
    await connections.suspend(connection.id)
    await accessWith(textOf(token))
    await settled()
    const { lastError } = await connections.testConnection(connection.id)
    expect(lastError).toEqual({ at: new Date(clock.now).toISOString(), reason: 'suspended' })
  })

  test('waitUntil takes the write', async () => {
    const { connections, store } = serveConnections()
    const { token } = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
    const taken: Promise<unknown>[] = []
    const request = {
      ...requestWith(`Bearer ${textOf(token)}`),
      waitUntil: (work: Promise<unknown>) => taken.push(work),
    }
    const before = store.writes.length
    await connections.authenticate(request, undefined)
    await Promise.all(taken)
    expect([taken.length, store.writes.length - before]).toEqual([1, 1])
  })
})
