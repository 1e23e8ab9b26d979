/** Proxies that compress change the ETag header; `meta.version` in the body stays. @see RFC 7643 §3.1; ADR 37 */
import { describe, expect, test } from '@jest/globals'
import { createClient, type Fetch, failureOf, unwrapUpdate } from '@scimkit/client'
import { base, faulty, server } from '../support/server.js'

type Tag = (tag: string) => string

/** A server behind a proxy that changes the tags in the ETag header. */
function behind(change: Tag, inner: Fetch = server()): Fetch {
  return async (url, init) => {
    const { status, headers: given, body } = await inner(url, init)
    const headers = new Headers(given)
    const tag = headers.get('etag')
    if (tag !== null) headers.set('etag', change(tag))
    return new Response(body, { status, headers })
  }
}

/** A server that only accepts its own tags, character by character. */
const literal =
  (inner: Fetch): Fetch =>
  (url, init) => {
    const headers = new Headers(init.headers)
    const names = ['if-match', 'if-none-match'].map((name) => headers.get(name) ?? '')
    if (names.some((tag) => tag.includes('gzip') || tag.startsWith('"'))) {
      return Promise.resolve(new Response('{}', { status: 412 }))
    }
    return inner(url, init)
  }

const gzip: Tag = (tag) => `${tag.slice(0, -1)}-gzip"`

test('writes send the version of the body, also to a server that does not know suffixes', async () => {
  const { fetch, requests } = faulty(behind(gzip, literal(server())))
  const scim = createClient(base, { fetch })
  const { id } = await scim.users.create({ userName: 'ada' })
  const user = await scim.users.get(id)
  await scim.users.get(id)
  await scim.users.patch(id, [{ op: 'replace', path: 'title', value: 'a' }])
  const result = await scim.users.update(id, (one) => ({ ...one, title: 'b' }))
  expect(unwrapUpdate(result)).toMatchObject({ title: 'b' })
  if (result.kind !== 'success') throw new Error(result.kind)
  expect(result.tag).toBe(result.resource.meta?.version)
  await scim.users.delete(id)
  const sent = requests.flatMap(({ headers }) => [headers.get('if-match'), headers.get('if-none-match')])
  expect(sent.filter((tag) => tag !== null)).toHaveLength(5)
  expect(sent.filter((tag) => tag?.includes('gzip'))).toEqual([])
  expect(sent).toContain(user.meta?.version)
})

test('the current tag of a 412 is taken from its body', async () => {
  const scim = createClient(base, { fetch: behind(gzip) })
  const user = await scim.users.create({ userName: 'ada' })
  await scim.users.patch(user, [{ op: 'replace', path: 'title', value: 'a' }])
  const current = (await scim.users.get(user.id)).meta?.version
  expect(await scim.users.delete(user).catch(failureOf)).toMatchObject({ kind: 'versionMismatch', current })
})

describe('which of the two tags a write sends', () => {
  test.each<[string, string | undefined, unknown, string | undefined]>([
    ['the same', 'W/"1"', 'W/"1"', 'W/"1"'],
    ['a suffix in the header', 'W/"1-gzip"', 'W/"1"', 'W/"1"'],
    ['a strong tag that a proxy weakened', 'W/"1"', '"1"', '"1"'],
    ['no header', undefined, 'W/"1"', 'W/"1"'],
    ['a version without quotes', 'W/"1-gzip"', '1', 'W/"1-gzip"'],
    ['a version without quotes and no header', undefined, '1', 'W/"1"'],
    ['half a tag', '"1"', 'W/"1', '"1"'],
    ['two tags', '"1"', '"1", "2"', '"1"'],
    ['no version', '"1"', undefined, '"1"'],
    ['a number', '"1"', 1, '"1"'],
    // Strong comparison of If-Match, RFC 9110 §13.1.1: the weak one would never match.
    ['a strong header beside the same value, weak', '"1"', 'W/"1"', '"1"'],
  ])('%s', async (_, header, version, expected) => {
    const body = { id: '1', schemas: [], meta: { version } }
    const { fetch, requests } = faulty(
      async () => new Response(JSON.stringify(body), { headers: header === undefined ? {} : { etag: header } }),
    )
    const scim = createClient(base, { fetch })
    await scim.users.get('1')
    await scim.users.patch('1', [{ op: 'replace', path: 'title', value: 'a' }])
    expect(requests.at(-1)?.headers.get('if-match')).toBe(expected ?? null)
  })
})

test('a read is revalidated with the tag of the header if it differs from the version', async () => {
  // Frameworks compute tags from the bytes, and compare them for a 304.
  const { fetch, requests } = faulty(async (_, init) => {
    const unchanged = new Headers(init.headers).get('if-none-match') === '"bytes"'
    const body = unchanged ? null : JSON.stringify({ id: '1', schemas: [], meta: { version: 'W/"1"' } })
    return new Response(body, { status: unchanged ? 304 : 200, headers: { etag: '"bytes"' } })
  })
  const scim = createClient(base, { fetch })
  await scim.users.get('1')
  expect(await scim.users.get('1')).toMatchObject({ id: '1' })
  expect(requests.map(({ headers }) => headers.get('if-none-match'))).toEqual([null, '"bytes"'])
  await scim.users.delete('1').catch(() => undefined)
  expect(requests.at(-1)?.headers.get('if-match')).toBe('W/"1"')
})
