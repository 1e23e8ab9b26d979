/** The groups that a removal changes are reported: ADR 58, RFC 7643 §4.2. */
import { describe, expect, test } from '@jest/globals'
import { group, made, serve, user } from '../support/server.js'

describe('the removal of a member of groups', () => {
  test('is one event for the user, and one for each group with its new tag', async () => {
    const server = serve()
    const [ada, bob] = [await made(server, user('ada')), await made(server, user('bob'))]
    const [both, one, other] = [
      await made(server, group('both', [ada.id, bob.id])),
      await made(server, group('one', [ada.id])),
      await made(server, group('other', [bob.id])),
    ]
    const before = server.writes().length
    expect((await server.del(ada.path)).status).toBe(204)
    const events = server.writes().slice(before)
    const tags = new Map<string, unknown>()
    for (const { path, id } of [both, one, other]) tags.set(id, (await server.get(path)).headers.ETag)
    expect(events[0]).toMatchObject({ operation: 'remove', type: 'User', id: ada.id })
    expect(events).toHaveLength(3)
    for (const { id, tag } of [both, one]) {
      const removed = { type: 'User', id: ada.id }
      const { requestId } = events[0] ?? {}
      const expected = { operation: 'cascade', type: 'Group', id, after: tags.get(id), removed, requestId }
      expect(events).toContainEqual(expect.objectContaining({ ...expected, before: undefined, ignored: [] }))
      expect(tags.get(id)).not.toBe(tag)
    }
    expect(tags.get(other.id)).toBe(other.tag)
  })

  test('is reported in the same way within a bulk request', async () => {
    const server = serve()
    const ada = await made(server, user('ada'))
    const all = await made(server, group('all', [ada.id]))
    const before = server.writes().length
    await server.post('/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [{ method: 'DELETE', path: `/Users/${ada.id}` }],
    })
    const events = server.writes().slice(before)
    expect(events.map(({ operation, id }) => [operation, id])).toEqual([
      ['remove', ada.id],
      ['cascade', all.id],
    ])
  })

  test('has no event for a group when nothing was removed', async () => {
    const server = serve()
    const ada = await made(server, user('ada'))
    await made(server, group('all', [ada.id]))
    const before = server.writes().length
    expect((await server.del(ada.path, { 'if-match': 'W/"9-stale-0"' })).status).toBe(412)
    expect(server.writes()).toHaveLength(before)
  })
})
