/**
 * Tags that a proxy changed because it compressed the body: Apache's mod_deflate turns `W/"x"` into `W/"x-gzip"`.
 * @see RFC 9110 §8.8.3.3, §13.1; ADR 37
 */
import type { Answer } from '../answer.js'
import { bulk, expectResultError, expectStatuses, removal, titling } from '../bulk-operations.js'
import { type Client, type Headers, type Made, otherTag, userBody } from '../client.js'
import { expectError, expectSame, expectStatus } from '../expect.js'
import { add, replace } from '../patch-operations.js'
import { on, should, type WireCase } from '../wire-case.js'

const suffixes = ['-gzip', '-br', '-zstd', '-deflate', ';gzip', '--gzip']
const citation = 'RFC 9110 §8.8.3.3, §13.1; ADR 37; FP-V18'

/** The tag as a proxy changes it. */
const changed = (tag: string, suffix: string): string => `${tag.slice(0, -1)}${suffix}"`

/** Suffixes that no proxy adds: such a tag is a different one. */
const others: readonly ((tag: string) => string)[] = [
  (tag) => changed(tag, '-zip'),
  (tag) => changed(tag, 'gzip'),
  (tag) => changed(tag, '-GZIP'),
  (tag) => changed(tag, '-gzip-gzip'),
  (tag) => changed(tag, '-gzip-'),
  (tag) => changed(changed(tag, 'x'), '-gzip'),
  () => changed(otherTag, '-gzip'),
]

const writes: readonly (readonly [string, (client: Client, user: Made, headers: Headers) => Promise<Answer>])[] = [
  ['put', (client, { path, name }, headers) => client.put(path, userBody({ userName: name, title: 'New' }), headers)],
  ['patch', (client, { path }, headers) => client.patch(path, add('title', 'New'), headers)],
  ['delete', (client, { path }, headers) => client.remove(path, headers)],
]

const perWrite: readonly WireCase[] = writes.map(([name, send]) =>
  should(
    `${name}-changed-tag`,
    `${name.toUpperCase()} treats the tag with the suffix of a proxy as the tag without it, in If-Match and If-None-Match`,
    citation,
    async (client) => {
      for (const suffix of suffixes) {
        const user = await client.makeUser({ title: 'Old' })
        const tag = changed(user.tag, suffix)
        expectError(await send(client, user, { 'If-None-Match': tag }), 412)
        for (const other of others) expectError(await send(client, user, { 'If-Match': other(user.tag) }), 412)
        expectSame((await client.get(user.path)).tag, user.tag, 'the ETag after refusals')
        expectStatus(await send(client, user, { 'If-Match': `"a", ${tag}` }), [200, 204])
        expectError(await send(client, user, { 'If-Match': tag }), name === 'delete' ? 404 : 412)
      }
    },
  ),
)

const reads: readonly WireCase[] = [
  should(
    'read-changed-tag',
    'GET and HEAD treat it as the tag without the suffix too: 304, or the resource',
    citation,
    async (client) => {
      const { path, tag } = await client.makeUser({ title: 'A' })
      for (const suffix of suffixes) {
        for (const ask of [client.get, client.head]) {
          const unchanged = expectStatus(await ask(path, { 'If-None-Match': changed(tag, suffix) }), 304)
          expectSame(unchanged.tag, tag, `${unchanged.about}: the ETag of the 304`)
          expectStatus(await ask(path, { 'If-Match': changed(tag, suffix) }), 200)
        }
      }
      for (const other of others) {
        expectStatus(await client.get(path, { 'If-None-Match': other(tag) }), 200)
        expectError(await client.get(path, { 'If-Match': other(tag) }), 412)
      }
    },
  ),
  should(
    'discovery-changed-tag',
    'tags of discovery documents with the suffix of a proxy are accepted too',
    citation,
    async (client) => {
      for (const path of ['/ServiceProviderConfig', '/ResourceTypes', '/Schemas']) {
        const { tag } = expectStatus(await client.get(path), 200)
        for (const suffix of suffixes) {
          expectStatus(await client.get(path, { 'If-None-Match': changed(tag, suffix) }), 304)
          expectStatus(await client.get(path, { 'If-Match': changed(tag, suffix) }), 200)
        }
        expectStatus(await client.get(path, { 'If-None-Match': changed(tag, '-zip') }), 200)
      }
    },
  ),
]

const inBulk: readonly WireCase[] = [
  should(
    'bulk-changed-tag',
    'the version of a bulk operation with the suffix of a proxy is accepted too',
    `RFC 7644 §3.7; ${citation}`,
    async (client) => {
      for (const suffix of suffixes) {
        const [patched, gone] = [await client.makeUser(), await client.makeUser()]
        const version = changed(patched.tag, suffix)
        const refused = others.map((other) => titling(patched.path, 'x', { version: other(patched.tag) }))
        const answer = await bulk(client, [
          ...refused,
          titling(patched.path, 'x', { version }),
          titling(patched.path, 'y', { version }),
          removal(gone.path, { version: changed(gone.tag, suffix) }),
        ])
        for (const place of [...refused.keys(), refused.length + 1]) expectResultError(answer, place, '412')
        expectStatuses(answer, [...refused.map(() => '412'), '200', '412', '204'])
      }
    },
  ),
  should(
    'mismatch-changed-tag',
    'the conflict of a 412 has the expected tags without the suffix of a proxy',
    citation,
    async (client) => {
      const user = await client.makeUser()
      await client.change(user.path, [add('title', 'Theirs')])
      const headers = { 'If-Match': changed(user.tag, '-gzip'), Prefer: 'conflict-details' }
      const conflict = { 'urn:scimkit:params:scim:api:messages:1.0:VersionMismatch': { expected: [user.tag] } }
      expectStatus(await client.remove(user.path, headers), 412, conflict)
    },
  ),
]

const ofStrictTags: readonly WireCase[] = on('strictTags', [
  ...[...perWrite, ...reads, ...inBulk].map((one) => ({ ...one, id: `strict-tags-${one.id}` })),
  should(
    'strict-tags-changed-tag-alone',
    'a strict tag without a representation, as in a 412, is accepted with the suffix of a proxy',
    `${citation}; ADR 25`,
    async (client) => {
      const user = await client.makeUser()
      const edit = (value: string) => [replace('title', value)]
      for (const suffix of suffixes) {
        const { tag } = expectError(await client.patch(user.path, edit('x'), { 'If-Match': '"1-x."' }), 412)
        const put = client.patch(user.path, edit(suffix), { 'If-Match': changed(tag, suffix) })
        expectStatus(await put, [200, 204])
      }
      const { tag } = await client.get(user.path)
      expectError(await client.remove(user.path, { 'If-Match': `W/${changed(tag, '-gzip')}` }), 412)
    },
  ),
])

/** Tags with the suffixes of proxies that compress. */
export const changedTags: readonly WireCase[] = [...perWrite, ...reads, ...inBulk, ...ofStrictTags]
