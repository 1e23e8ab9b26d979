/** The versions that writes expect, and the cache that they come from. */
import { describe, expect, test } from '@jest/globals'
import { createClient, filter, type ScimClient } from '@scimkit/client'
import { failureIn } from '../support/failure-in.js'
import { base, faulty, server } from '../support/server.js'

const client = (): ScimClient => createClient(base, { fetch: server() })

describe('versions', () => {
  test('a write sends the version of the resource passed in, not the newest one that this client received', async () => {
    const { users } = client()
    const old = await users.create({ userName: 'a' })
    await users.replace(old, { ...old, title: 'x' })
    await users.get(old.id)
    const stale = await failureIn(users.replace(old, { ...old, nickName: 'y' }))
    expect(stale).toMatchObject({ kind: 'versionMismatch', expected: old.meta?.version })
    expect(stale).toHaveProperty('current', (await users.get(old.id)).meta?.version)
    const draft = await failureIn(users.replace(old.id, { ...old, nickName: 'y' }))
    expect(draft).toMatchObject({ kind: 'versionMismatch', expected: old.meta?.version })
    expect(await users.get(old.id)).toMatchObject({ title: 'x' })
  })

  test('a write by id alone sends the last version received, also from a list; a mismatch persists until a read', async () => {
    const fetch = server()
    const [mine, other] = [createClient(base, { fetch }), createClient(base, { fetch })]
    const { id } = await other.users.create({ userName: 'a' })
    await mine.users.find(filter`userName eq ${'a'}`)
    const title = [{ op: 'replace', path: 'title', value: 'x' }] as const
    await other.users.patch(id, title)
    for (const _ of [1, 2]) {
      expect(await failureIn(mine.users.delete(id))).toMatchObject({ kind: 'versionMismatch' })
    }
    await mine.users.get(id)
    await mine.users.delete(id)
  })

  test('without a known version no precondition is sent, nor with `false`; a tag is sent as given', async () => {
    const { fetch, requests } = faulty(server())
    const { users } = createClient(base, { fetch })
    const { id } = await users.create({ userName: 'a' })
    const sent = async (ifMatch?: string | false): Promise<string | null | undefined> => {
      await failureIn(
        users.patch(id, [{ op: 'replace', path: 'title', value: 'x' }], ifMatch === undefined ? {} : { ifMatch }),
      )
      return requests.at(-1)?.headers.get('if-match')
    }
    expect(await sent()).toMatch(/^W\/"1-/)
    expect([await sent(false), await sent('*'), await sent('W/"0-x"')]).toEqual([null, '*', 'W/"0-x"'])
    for (const text of ['0-x', 'a b"', 'W/"1", W/"2"', '"', '"a\nb"'])
      await expect(sent(text)).rejects.toThrow(TypeError)
    const unseen = createClient(base, { fetch })
    await unseen.users.patch(id, [{ op: 'replace', path: 'title', value: 'z' }])
    expect(requests.at(-1)?.headers.get('if-match')).toBeNull()
  })

  test('a read revalidates the cached representation, and callers do not share the result', async () => {
    const statuses: number[] = []
    const inner = server()
    const fetch = async (url: string, init: RequestInit): Promise<Response> => {
      const response = await inner(url, init)
      statuses.push(response.status)
      return response
    }
    const { users } = createClient(base, { fetch })
    const { id } = await users.create({ userName: 'a', title: 'x' })
    const first = await users.get(id)
    Object.assign(first, { title: 'changed here' })
    expect(await users.get(id)).toMatchObject({ title: 'x' })
    expect(await users.get(id, { attributes: ['title'] })).not.toHaveProperty('userName')
    await users.patch(id, [{ op: 'replace', path: 'title', value: 'y' }])
    expect(await users.get(id)).toMatchObject({ title: 'y' })
    expect(statuses).toEqual([201, 200, 304, 200, 200, 200])
    const forgetful = createClient(base, { fetch, cache: { resources: 10, characters: 100 } })
    await forgetful.users.get(id)
    await forgetful.users.get(id)
    const none = createClient(base, { fetch, cache: false })
    await none.users.get(id)
    await none.users.get(id)
    expect(statuses.slice(6)).toEqual([200, 200, 200, 200])
  })

  test('tags are cached even without representations', async () => {
    const { fetch, requests } = faulty(server())
    const { users } = createClient(base, { fetch, cache: false })
    const { id, meta } = await users.create({ userName: 'a' })
    await users.get(id)
    await users.get(id)
    await users.patch(id, [{ op: 'replace', path: 'title', value: 'b' }])
    const headers = requests.map((request) => [request.headers.get('if-none-match'), request.headers.get('if-match')])
    expect(headers).toEqual([
      [null, null],
      [null, null],
      [null, null],
      [null, meta?.version],
    ])
  })

  test('the cache keeps at most the configured number of resources', async () => {
    const { fetch, requests } = faulty(server())
    const { users } = createClient(base, { fetch, cache: { resources: 2 } })
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((userName) => users.create({ userName })))
    for (const user of [a, b, c, b]) if (user !== undefined) await users.get(user.id)
    for (const user of [a, b, c]) if (user !== undefined) await users.delete(user.id)
    expect(requests.filter(({ method }) => method === 'DELETE').map(({ headers }) => headers.has('if-match'))).toEqual([
      false,
      true,
      true,
    ])
  })
})
