/** The functions of a host's admin page. */
import { describe, expect, test } from '@jest/globals'
import type { ConnectionError } from '../../src/lifecycle/connection-error.js'
import { mapRecords } from '../support/map-records.js'
import { clockAt, serveConnections, settled, textOf } from '../support/platform.js'

const day = 86_400_000

async function kindOf(action: Promise<unknown>): Promise<string> {
  const error = await action.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return (error as ConnectionError | undefined)?.kind ?? 'none'
}

describe('connections', () => {
  test('are created, listed in pages, renamed and read', async () => {
    const { connections } = serveConnections()
    for (const tenant of ['acme', 'acme', 'globex']) await connections.create({ tenant, name: 'Okta' })
    const page = await connections.list({ tenant: 'acme' })
    expect(page.connections.map(({ tenant, name, state }) => [tenant, name, state])).toEqual([
      ['acme', 'Okta', 'active'],
      ['acme', 'Okta', 'active'],
    ])
    const ids: string[] = []
    let after: string | undefined
    do {
      const { connections: found, next } = await connections.list({ count: 1, after })
      ids.push(...found.map(({ id }) => id))
      after = next
    } while (after !== undefined)
    expect(ids).toEqual([...ids].sort())
    expect(new Set(ids).size).toBe(3)
    const [id = ''] = ids
    await connections.rename(id, 'Entra')
    expect(await connections.get(id)).toMatchObject({ id, name: 'Entra' })
    expect(await connections.get('unknown')).toBeUndefined()
  })

  test('invalid values are refused by name', async () => {
    const { connections, store, clock } = serveConnections()
    const { connection } = await connections.create({ tenant: 'acme', name: 'Okta', scopes: ['scim.read'] })
    const { id } = connection
    const count = store.records.size
    for (const bad of [
      () => connections.create({ tenant: '', name: 'Okta' }),
      () => connections.create({ tenant: undefined as never, name: 'Okta' }),
      () => connections.create({ tenant: 'a'.repeat(129), name: 'Okta' }),
      () => connections.create({ tenant: 'acme', name: '' }),
      () => connections.create({ tenant: 'acme', name: 'a\nb' }),
      () => connections.create({ tenant: 'acme', name: 'Okta', scopes: [] }),
      () => connections.create({ tenant: 'acme', name: 'Okta', scopes: ['two words'] }),
      () => connections.create({ tenant: 'acme', name: 'Okta', token: { expires: clock.now } }),
      () => connections.create({ tenant: 'acme', name: 'Okta', oauth: { accessTokenSeconds: 60 } }),
      () => connections.create({ tenant: 'acme', name: 'Okta', oauth: { algorithms: ['none'] } }),
      () => connections.create({ tenant: 'acme', name: 'Okta', oauth: { algorithms: ['HS256'] } }),
      () =>
        connections.create({
          tenant: 'acme',
          name: 'Okta',
          oauth: { keys: { kind: 'jwksUrl', url: 'http://idp.example' } },
        }),
      () =>
        connections.create({
          tenant: 'acme',
          name: 'Okta',
          oauth: { keys: { kind: 'jwksUrl', url: 'https://u:p@idp' } },
        }),
      () =>
        connections.create({
          tenant: 'acme',
          name: 'Okta',
          oauth: { keys: { kind: 'jwks', keys: [{ kty: 'oct', k: 'x' }] } },
        }),
      () =>
        connections.create({
          tenant: 'acme',
          name: 'Okta',
          oauth: { keys: { kind: 'jwks', keys: [{ n: 'x'.repeat(66_000) }] } },
        }),
      () => connections.createToken(id, { scopes: ['scim'] }),
      () => connections.createToken(id, { scopes: ['other'] }),
      () => connections.rotate(id, { graceMilliseconds: -1 }),
      () => connections.list({ count: 0 }),
      () => connections.decommission(id, { users: 'delete' as never }),
    ]) {
      expect(await kindOf(bad())).toBe('invalid')
    }
    expect(store.records.size).toBe(count)
  })

  test("another tenant's connection is not found by any function (INC-20)", async () => {
    const { connections, store } = serveConnections()
    const made = await connections.create({ tenant: 'acme', name: 'Okta', token: true, oauth: { secret: true } })
    const { id } = made.connection
    const tenant = 'globex'
    const before = JSON.stringify([...store.records])
    expect(await connections.get(id, { tenant })).toBeUndefined()
    for (const action of [
      () => connections.rename(id, 'Mine', { tenant }),
      () => connections.setScopes(id, ['scim'], { tenant }),
      () => connections.setOAuth(id, undefined, { tenant }),
      () => connections.createToken(id, { tenant }),
      () => connections.listTokens(id, { tenant }),
      () => connections.revokeToken(id, made.token?.id ?? '', { tenant }),
      () => connections.rotate(id, { tenant }),
      () => connections.createSecret(id, { tenant }),
      () => connections.revokeSecret(id, made.secret?.id ?? '', { tenant }),
      () => connections.rotateSecret(id, { tenant }),
      () => connections.endAccessTokens(id, { tenant }),
      () => connections.suspend(id, { tenant }),
      () => connections.resume(id, { tenant }),
      () => connections.decommission(id, { users: 'keep', tenant }),
      () => connections.purge(id, { tenant }),
      () => connections.testConnection(id, { tenant }),
    ]) {
      expect(await kindOf(action())).toBe('notFound')
    }
    expect(JSON.stringify([...store.records])).toBe(before)
  })

  test('an id that no record can have is not found', async () => {
    const { connections } = serveConnections()
    for (const id of ['', 'a b', '\0', 'x'.repeat(201), 'é']) {
      expect(await kindOf(connections.rename(id, 'Okta'))).toBe('notFound')
      expect(await kindOf(connections.get(id))).toBe('notFound')
    }
  })

  test('a token of one connection cannot be revoked through another', async () => {
    const { connections, accessWith } = serveConnections()
    const one = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
    const two = await connections.create({ tenant: 'acme', name: 'Entra' })
    expect(await kindOf(connections.revokeToken(two.connection.id, one.token?.id ?? ''))).toBe('notFound')
    expect(await accessWith(textOf(one.token))).toBeDefined()
  })

  test('rotation ends all others after the grace period, and extends none', async () => {
    const { connections, clock } = serveConnections()
    const { connection } = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
    await connections.createToken(connection.id, { expires: clock.now + 1_000 })
    await connections.createToken(connection.id, { expires: clock.now + 90 * day })
    await connections.rotate(connection.id, { expires: clock.now + 365 * day })
    const tokens = await connections.listTokens(connection.id)
    expect(tokens.map(({ expires }) => (expires ?? 0) - clock.now)).toEqual([day, 1_000, day, 365 * day])
  })

  test('a connection has 16 tokens at most; those that have expired do not count', async () => {
    const { connections, clock } = serveConnections()
    const { connection } = await connections.create({ tenant: 'acme', name: 'Okta' })
    for (let i = 0; i < 16; i++) await connections.createToken(connection.id, { expires: clock.now + day })
    expect(await kindOf(connections.createToken(connection.id))).toBe('limit')
    expect(await kindOf(connections.rotate(connection.id))).toBe('limit')
    clock.pass(day)
    await connections.createToken(connection.id)
    expect(await connections.listTokens(connection.id)).toHaveLength(1)
  })

  test('client secrets are rotated, revoked and bounded', async () => {
    const { connections, clock } = serveConnections()
    const { connection, secret } = await connections.create({ tenant: 'acme', name: 'Entra', oauth: { secret: true } })
    const next = await connections.rotateSecret(connection.id)
    const { secrets } = await connections.testConnection(connection.id)
    expect(secrets.map(({ id, expires }) => [id, expires])).toEqual([
      [secret?.id, clock.now + day],
      [next.id, undefined],
    ])
    await connections.revokeSecret(connection.id, secret?.id ?? '')
    expect(await kindOf(connections.revokeSecret(connection.id, secret?.id ?? ''))).toBe('notFound')
    for (let i = 0; i < 15; i++) await connections.createSecret(connection.id)
    expect(await kindOf(connections.createSecret(connection.id))).toBe('limit')
  })

  test('a connection without OAuth settings gets them with its first client secret', async () => {
    const { connections } = serveConnections()
    const { connection } = await connections.create({ tenant: 'acme', name: 'Entra' })
    await connections.createSecret(connection.id)
    expect((await connections.get(connection.id))?.oauth).toMatchObject({ accessTokenSeconds: 3600, trust: undefined })
  })

  test('settings of a trust are stored as they are', async () => {
    const { connections } = serveConnections()
    const { connection } = await connections.create({ tenant: 'acme', name: 'Entra' })
    const trust = {
      issuer: 'https://login.microsoftonline.com/t/v2.0',
      audiences: ['api://app', 'api://app/.default', 'app'],
      subject: 'object',
      objectId: 'object',
      applicationId: undefined,
      tenantId: 't',
      keys: { kind: 'jwksUrl', url: 'https://login.microsoftonline.com/t/discovery/v2.0/keys' },
    } as const
    await connections.setOAuth(connection.id, { trust })
    expect((await connections.get(connection.id))?.oauth?.trust).toEqual(trust)
    const bad = connections.setOAuth(connection.id, { trust: { ...trust, audiences: [] } })
    expect(await kindOf(bad)).toBe('invalid')
  })

  test('concurrent changes are all made', async () => {
    const store = mapRecords()
    const clock = clockAt()
    const [one, two] = [serveConnections({ clock, store }), serveConnections({ clock, store })]
    const { connection } = await one.connections.create({ tenant: 'acme', name: 'Okta' })
    await Promise.all([
      one.connections.createToken(connection.id),
      two.connections.createToken(connection.id),
      one.connections.rename(connection.id, 'Entra'),
      two.connections.setScopes(connection.id, ['scim.read', 'scim']),
      one.connections.createSecret(connection.id),
    ])
    const tokens = await one.connections.listTokens(connection.id)
    expect(tokens).toHaveLength(2)
    expect(await one.connections.get(connection.id)).toMatchObject({
      name: 'Entra',
      scopes: ['scim.read', 'scim'],
      oauth: { secrets: [expect.anything()] },
    })
  })

  test('endless conflicts end with an error, and change nothing', async () => {
    const { connections, store } = serveConnections()
    const { connection } = await connections.create({ tenant: 'acme', name: 'Okta' })
    let attempts = 0
    store.beforeWrite = () => {
      attempts++
      const key = `connection/${connection.id}`
      const stored = store.records.get(key)
      if (stored !== undefined) store.records.set(key, { ...stored, revision: stored.revision + 1 })
    }
    expect(await kindOf(connections.rename(connection.id, 'Entra'))).toBe('conflict')
    expect(attempts).toBe(10)
    expect(await connections.get(connection.id)).toMatchObject({ name: 'Okta' })
  })

  test('an id that is taken is never overwritten', async () => {
    const { connections, store } = serveConnections()
    const { connection } = await connections.create({ tenant: 'acme', name: 'Okta' })
    const taken = Uint8Array.from(Buffer.from(connection.id, 'base64url'))
    const same = serveConnections({
      store,
      ports: { randomBytes: (count) => (count === 16 ? taken : new Uint8Array(count)) },
    })
    expect(await kindOf(same.connections.create({ tenant: 'globex', name: 'Okta' }))).toBe('conflict')
    expect(await connections.get(connection.id)).toMatchObject({ tenant: 'acme' })
  })
})

describe('testConnection', () => {
  test('names what an administrator should look at', async () => {
    const { connections, clock } = serveConnections()
    const { connection } = await connections.create({ tenant: 'acme', name: 'Okta' })
    const { id } = connection
    expect(await connections.testConnection(id)).toMatchObject({
      usable: false,
      problems: ['No token, client secret or key set of the connection is valid.'],
    })
    await connections.createToken(id, { expires: clock.now + day })
    expect(await connections.testConnection(id)).toMatchObject({
      usable: true,
      credentialsEnd: clock.now + day,
      problems: [`The last credential ends at ${new Date(clock.now + day).toISOString()}.`],
    })
    await connections.createToken(id)
    expect(await connections.testConnection(id)).toMatchObject({
      usable: true,
      credentialsEnd: undefined,
      problems: [],
    })
    await connections.suspend(id)
    expect(await connections.testConnection(id)).toMatchObject({
      usable: false,
      problems: ['The connection is suspended.'],
    })
  })

  test('reads the key sets', async () => {
    const read: unknown[] = []
    const { connections } = serveConnections({
      checkKeys: async (keys) => {
        read.push(keys)
        if (read.length > 1) throw new Error('503')
      },
    })
    const keys = { kind: 'jwksUrl', url: 'https://idp.example/keys' } as const
    const { connection } = await connections.create({ tenant: 'acme', name: 'Entra', oauth: { keys } })
    expect(await connections.testConnection(connection.id)).toMatchObject({
      usable: true,
      keySets: [{ of: 'keys', state: 'reachable' }],
      problems: [],
    })
    expect(await connections.testConnection(connection.id)).toMatchObject({
      keySets: [{ of: 'keys', state: 'unreachable' }],
      problems: ['The key set (keys) cannot be read.'],
    })
    expect(read).toEqual([keys, keys])
  })
})

describe('secrets (INC-15)', () => {
  test('no result, error, note or record has a part of a secret, except the result that shows it once', async () => {
    const { connections, store, accessWith, rejections, errors, clock } = serveConnections()
    const secrets: string[] = []
    const shown: unknown[] = []
    const made = await connections.create({ tenant: 'acme', name: 'Okta', token: true, oauth: { secret: true } })
    const { id } = made.connection
    secrets.push(textOf(made.token), textOf(made.secret), (await connections.createToken(id)).text)
    secrets.push((await connections.rotate(id)).text, (await connections.createSecret(id)).text)
    secrets.push((await connections.rotateSecret(id)).text)
    shown.push(await connections.get(id), await connections.list(), await connections.listTokens(id))
    shown.push(await connections.testConnection(id), await connections.suspend(id))
    for (const secret of secrets) {
      await accessWith(secret).catch((error: unknown) => errors.push(error))
      await accessWith(`${secret.slice(0, -1)}!`).catch((error: unknown) => errors.push(error))
      await connections.revokeToken(id, secret).catch((error: unknown) => errors.push(error))
      await connections.get(secret).catch((error: unknown) => errors.push(error))
      clock.pass(2_000)
      store.failure = new Error('gone')
      await accessWith(secret).catch((error: unknown) => errors.push(error))
      store.failure = undefined
    }
    await settled()
    shown.push(
      [...store.records],
      store.reads.slice(0, 0),
      rejections,
      errors.map((error) => [String(error), (error as Error).stack]),
    )
    shown.push(await connections.decommission(id, { users: 'keep' }))
    const text = JSON.stringify(shown)
    const digests = [...store.records.values()].flatMap(({ value }) => JSON.parse(value).digest ?? [])
    for (const secret of secrets) {
      // Any eight characters of the secret part; the id is public.
      const part = secret.startsWith('scim_') ? secret.slice(21, 64) : secret.slice(20, 63)
      for (let at = 0; at + 8 <= part.length; at++) expect(text).not.toContain(part.slice(at, at + 8))
    }
    const views = JSON.stringify([shown.slice(0, 5), shown.slice(6)])
    for (const digest of digests) expect(views).not.toContain(digest)
  })
})
