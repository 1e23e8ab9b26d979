/** Users from creation to removal, and the uniqueness of names. */
import { describe, expect, test } from '@jest/globals'
import type { JsonObject } from '../../src/json/value.js'
import { base, core, errorUrn, group, made, serve, user } from '../support/server.js'

describe('the life of a user', () => {
  test('201 with Location, ETag and the whole resource (RFC 7644 §3.3)', async () => {
    const server = serve()
    const { status, headers, json } = await server.post('/Users', user('bjensen', { title: 'Guide' }))
    expect(status).toBe(201)
    expect(headers).toEqual({
      'Cache-Control': 'private, no-cache',
      'Content-Location': `${base}/Users/${String(json.id)}`,
      'Content-Type': 'application/scim+json',
      ETag: expect.stringMatching(/^W\/"1-[0-9a-f]{16}-[0-9a-f]{12}"$/),
      Location: `${base}/Users/${String(json.id)}`,
      Vary: 'Accept, Authorization',
      'X-Content-Type-Options': 'nosniff',
    })
    expect(json).toEqual({
      schemas: [core],
      id: expect.any(String),
      userName: 'bjensen',
      title: 'Guide',
      meta: {
        resourceType: 'User',
        created: '2026-01-01T00:00:00.000Z',
        lastModified: '2026-01-01T00:00:00.000Z',
        location: headers.Location,
        version: headers.ETag,
      },
    })
  })

  test('read, changed, removed: the ETag is meta.version everywhere, and changes with every change', async () => {
    const server = serve()
    const { path, tag } = await made(server, user('bjensen'))
    const tags = [tag]
    for (const ask of [
      () => server.get(path),
      () => server.put(path, user('bjensen', { title: 'A' })),
      () => server.patch(path, [{ op: 'replace', path: 'title', value: 'B' }]),
      () => server.put(path, user('bjensen', { title: 'A' })),
      () => server.patch(path, [{ op: 'remove', path: 'title' }]),
    ]) {
      server.pass(1_000)
      const { status, headers, json } = await ask()
      expect(status).toBe(200)
      expect((json.meta as JsonObject).version).toBe(headers.ETag)
      tags.push(headers.ETag ?? '')
    }
    // Read once; then four changes. A→B→A is a new tag.
    expect(tags[1]).toBe(tags[0])
    expect(new Set(tags).size).toBe(5)
    const gone = await server.del(path)
    expect(gone).toMatchObject({ status: 204, text: null })
    expect(gone.headers).not.toHaveProperty('Content-Type')
    expect((await server.get(path)).status).toBe(404)
    expect((await server.del(path)).status).toBe(404)
    expect((await server.put(path, user('bjensen'))).status).toBe(404)
  })

  test('created remains, lastModified moves with changes alone', async () => {
    const server = serve()
    const { path } = await made(server, user('bjensen', { title: 'A' }))
    server.pass(5_000)
    expect((await server.get(path)).json.meta).toMatchObject({ lastModified: '2026-01-01T00:00:00.000Z' })
    const { json } = await server.put(path, user('bjensen', { title: 'B' }))
    expect(json.meta).toMatchObject({ created: '2026-01-01T00:00:00.000Z', lastModified: '2026-01-01T00:00:05.000Z' })
  })

  test('PATCH answers 200 with the resource for a user (ADR 14)', async () => {
    const server = serve()
    const { path } = await made(server, user('bjensen'))
    const { status, json, headers } = await server.patch(path, [{ op: 'Add', path: 'nickName', value: 'Babs' }])
    expect({ status, nickName: json.nickName }).toEqual({ status: 200, nickName: 'Babs' })
    expect(headers).toMatchObject({ 'Cache-Control': 'private, no-cache', 'Content-Type': 'application/scim+json' })
  })
})

describe('uniqueness (RFC 7644 §3.12; IDP-S3)', () => {
  test('userName by its caseKey, on POST, PUT and PATCH: 409 uniqueness, nothing changed', async () => {
    const server = serve()
    const { path } = await made(server, user('other'))
    await made(server, user('Jos\u00e9'))
    const expected = { status: 409, json: { schemas: [errorUrn], status: '409', scimType: 'uniqueness' } }
    expect(await server.post('/Users', user('JOSE\u0301'))).toMatchObject(expected)
    expect(await server.put(path, user('jos\u00e9'))).toMatchObject(expected)
    expect(await server.patch(path, [{ op: 'replace', path: 'userName', value: 'Jose\u0301' }])).toMatchObject(expected)
    expect((await server.get(path)).json.userName).toBe('other')
    expect((await server.get('/Users')).json.totalResults).toBe(2)
  })

  test('its own name in another case is no collision; a name set free can be taken', async () => {
    const server = serve()
    const { path } = await made(server, user('bjensen'))
    expect((await server.put(path, user('BJensen'))).status).toBe(200)
    await server.put(path, user('renamed'))
    expect((await server.post('/Users', user('bjensen'))).status).toBe(201)
    await server.del(path)
    expect((await server.post('/Users', user('Renamed'))).status).toBe(201)
  })

  test('group names are free, unless the switch is on (IDP-34)', async () => {
    const free = serve()
    expect((await free.post('/Groups', group('G'))).status).toBe(201)
    expect((await free.post('/Groups', group('g'))).status).toBe(201)
    const bound = serve({ interop: { uniqueGroupDisplayName: true } })
    expect((await bound.post('/Groups', group('G'))).status).toBe(201)
    expect((await bound.post('/Groups', group('g'))).status).toBe(409)
  })
})
