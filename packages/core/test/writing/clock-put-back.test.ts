/** `meta.lastModified` when the clock of the server is set back. @see RFC 7643 §3.1; FP-V23; REL-15 */
import { describe, expect, test } from '@jest/globals'
import { group, made, serve, user } from '../support/server.js'

const day = 86_400_000
const metaOf = (json: unknown): { readonly lastModified: string } =>
  (json as { readonly meta: { readonly lastModified: string } }).meta

describe('a clock that is set back', () => {
  test.each(['lenient', 'entra', 'strict'] as const)(
    'moves no lastModified back: PUT, PATCH, password (%s)',
    async (interop) => {
      const server = serve({ interop, secrets: { write: () => undefined } })
      const { path } = await made(server, user('clock'))
      const before = metaOf((await server.get(path)).json).lastModified
      server.pass(-day)
      const changes = [
        () => server.put(path, user('clock', { title: 'One' })),
        () => server.patch(path, [{ op: 'replace', path: 'title', value: 'Two' }]),
        () => server.patch(path, [{ op: 'replace', path: 'password', value: 'a-secret-of-some-length' }]),
      ]
      for (const change of changes) {
        const answer = await change()
        expect(answer.status).toBe(200)
        expect(metaOf(answer.json).lastModified).toBe(before)
        expect(metaOf((await server.get(path)).json).lastModified).toBe(before)
      }
      server.pass(2 * day)
      const later = await server.put(path, user('clock', { title: 'Three' }))
      expect(metaOf(later.json).lastModified > before).toBe(true)
    },
  )

  test('moves no lastModified of a group back whose member is removed', async () => {
    const server = serve()
    const member = await made(server, user('member'))
    const id = member.path.slice(member.path.lastIndexOf('/') + 1)
    const { path, tag } = await made(server, group('G', [id]))
    const before = metaOf((await server.get(path)).json).lastModified
    server.pass(-day)
    expect((await server.del(member.path)).status).toBe(204)
    const after = await server.get(path)
    expect(after.headers.ETag).not.toBe(tag)
    expect(metaOf(after.json).lastModified).toBe(before)
  })
})
