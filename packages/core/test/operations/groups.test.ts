/** Groups, their members, and attributes that are looked up in other resources. */
import { describe, expect, test } from '@jest/globals'
import { base, enterprise, group, made, serve, user } from '../support/server.js'

// `W/"1-…`: generation and digest.
const withoutNonce = (tag: unknown): string => String(tag).slice(0, String(tag).lastIndexOf('-'))

describe('groups', () => {
  test('members with type, $ref and display; User.groups; both looked up, never stored', async () => {
    const server = serve()
    const { id, path } = await made(server, user('b', { displayName: 'Babs' }))
    const team = await made(server, group('Team', [id]))
    expect((await server.get(team.path)).json.members).toEqual([
      { value: id, type: 'User', $ref: `${base}${path}`, display: 'Babs' },
    ])
    expect((await server.get(path)).json.groups).toEqual([
      { value: team.id, $ref: `${base}${team.path}`, display: 'Team', type: 'direct' },
    ])
  })

  test('a group’s tag moves with its members, the user’s does not (ADR 8)', async () => {
    const server = serve()
    const one = await made(server, user('one'))
    const team = await made(server, group('Team'))
    const { headers } = await server.patch(team.path, [{ op: 'add', path: 'members', value: [{ value: one.id }] }])
    // Rows are outside the digest.
    expect(withoutNonce(headers.ETag)).toBe(withoutNonce(team.tag.replace('1-', '2-')))
    expect((await server.get(one.path)).headers.ETag).toBe(one.tag)
    server.pass(1_000)
    await server.del(one.path)
    const after = await server.get(team.path)
    expect(withoutNonce(after.headers.ETag)).toBe(withoutNonce(team.tag.replace('1-', '3-')))
    expect(after.json).not.toHaveProperty('members')
    expect(after.json.meta).toMatchObject({ lastModified: '2026-01-01T00:00:01.000Z' })
  })

  test('removing a non-member by filter: 2xx, same version, in every mode (IDP-14)', async () => {
    for (const interop of ['lenient', 'entra', 'strict'] as const) {
      const server = serve({ interop })
      const team = await made(server, group('Team', ['a']))
      const answer = await server.patch(team.path, [{ op: 'remove', path: 'members[value eq "z"]' }])
      expect(answer).toMatchObject({ status: 200, headers: { ETag: team.tag } })
    }
  })

  const ids = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `m${i}`)

  test('PATCH answers 200 up to 100 members, 204 with ETag above, 200 where attributes are asked for', async () => {
    const server = serve()
    const team = await made(server, group('Team', ids(99)))
    const add = (id: string) => [{ op: 'add', path: 'members', value: [{ value: id }] }]
    const hundred = await server.patch(team.path, add('m99'))
    expect(hundred.status).toBe(200)
    expect(hundred.json.members).toHaveLength(100)
    const more = await server.patch(team.path, add('m100'))
    expect(more).toMatchObject({ status: 204, text: null })
    expect(more.headers).toEqual({
      'Cache-Control': 'no-store',
      ETag: expect.stringMatching(`${withoutNonce(team.tag.replace('1-', '3-'))}-[0-9a-f]{12}"`),
      Vary: 'Accept, Authorization',
      'X-Content-Type-Options': 'nosniff',
    })
    expect((await server.get(team.path)).headers.ETag).toBe(more.headers.ETag)
    // RFC 7644 §3.5.2: with `attributes` the answer MUST be 200.
    const asked = await server.patch(`${team.path}?attributes=displayName`, add('m101'))
    expect(asked).toMatchObject({ status: 200, json: { displayName: 'Team' } })
    const without = await server.patch(`${team.path}?excludedAttributes=members`, add('m102'))
    expect(without.status).toBe(200)
    expect(without.json).not.toHaveProperty('members')
    const whole = await server.patch(`${team.path}?attributes=members`, add('m103'))
    expect(whole.json.members).toHaveLength(104)
    // A rename of a large group says no members either.
    expect((await server.patch(team.path, [{ op: 'replace', value: { displayName: 'T' } }])).status).toBe(204)
    // PUT always answers with the resource.
    expect((await server.put(team.path, group('T', ids(150)))).json.members).toHaveLength(150)
  })

  test('a group may be larger than a user (Okta PUTs whole groups)', async () => {
    const server = serve({ limits: { bodyBytes: 200, groupBodyBytes: 5_000 } })
    expect((await server.post('/Users', user('b', { title: 'x'.repeat(300) }))).status).toBe(413)
    expect((await server.post('/Groups', group('Team', ids(50)))).status).toBe(201)
  })

  test('a manager is shown with $ref and name, looked up (IDP-8)', async () => {
    const server = serve()
    const boss = await made(server, user('boss', { displayName: 'The Boss' }))
    const { json } = await server.post('/Users', user('b', { [enterprise]: { manager: boss.id } }))
    expect(json[enterprise]).toEqual({
      manager: { value: boss.id, $ref: `${base}${boss.path}`, displayName: 'The Boss' },
    })
  })
})
