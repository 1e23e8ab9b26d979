/** RFC 6585 §3, ADR 7: where a write must name the version that it is based on. */
import { describe, expect, test } from '@jest/globals'
import { demandsIfMatch } from '../../src/engine/if-match-policy.js'
import { ifVersion, parseHttpVersion } from '../../src/index.js'
import type { ScimOptions } from '../../src/settings/options.js'
import { group, made, serve, user } from '../support/server.js'

test.each<[NonNullable<ScimOptions['requireIfMatch']>, boolean, boolean]>([
  ['never', false, false],
  ['always', true, true],
  [{}, false, false],
  [{ User: 'always' }, true, false],
  [{ User: 'never', Group: 'always' }, false, true],
])('%j', async (requireIfMatch, ofUsers, ofGroups) => {
  const server = serve({ requireIfMatch })
  const [{ path }, crowd] = [await made(server, user('ada')), await made(server, group('all'))]
  const title = [{ op: 'replace', path: 'title', value: 'T' }]
  expect((await server.patch(path, title)).status).toBe(ofUsers ? 428 : 200)
  expect((await server.put(path, user('ada'))).status).toBe(ofUsers ? 428 : 200)
  expect((await server.del(path)).status).toBe(ofUsers ? 428 : 204)
  expect((await server.del(crowd.path)).status).toBe(ofGroups ? 428 : 204)
})

test('names of the prototype are not types', () => {
  expect(demandsIfMatch({}, 'constructor')).toBe(false)
})

test.each([
  ['sometimes', /'never', 'always'/],
  [null, /'never', 'always'/],
  [{ User: 'sometimes' }, /requireIfMatch\.User/],
  [{ Users: 'always' }, /unknown resource type "Users"; known are User, Group/],
])('a policy of %j is refused at start', (requireIfMatch, message) => {
  expect(() => serve({ requireIfMatch: requireIfMatch as never })).toThrow(message)
})

describe('the 428', () => {
  test('explains itself, has the tag, and comes before body, 412 and queue; 404 comes before it', async () => {
    const server = serve({ requireIfMatch: 'always' })
    const { path, tag } = await made(server, user('ada'))
    const refused = await server.put(path, 'no resource' as never)
    expect(refused).toMatchObject({ status: 428, headers: { ETag: tag }, json: { status: '428' } })
    expect(refused.json.detail).toContain('If-Match')
    expect((await server.put(path, user('ada'), { 'if-none-match': tag })).status).toBe(428)
    expect((await server.put('/Users/none', user('ada'))).status).toBe(404)
    expect(server.writes()).toHaveLength(1)
  })

  test('perform returns it too, so that every path enforces it', async () => {
    const server = serve({ requireIfMatch: 'always' })
    const { id, tag } = await made(server, user('ada'))
    const ref = { type: 'User', id }
    const context = server.scim.context({ tenant: 'default' as never })
    const current = parseHttpVersion(tag)
    expect(await server.scim.perform({ kind: 'remove', ref }, context)).toEqual({
      kind: 'preconditionRequired',
      current,
    })
    if (current === undefined) throw new Error('no version')
    const removed = await server.scim.perform({ kind: 'remove', ref, precondition: ifVersion(current) }, context)
    expect(removed).toEqual({ kind: 'removed' })
  })
})
