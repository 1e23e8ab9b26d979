/** A host with strong tags, one for each representation. @see RFC 9110 §8.8, §13.1; RFC 7643 §3.1; ADR 25 */
import type { Answer, Json } from '../answer.js'
import { type Client, groupUrn, type Made, userBody } from '../client.js'
import {
  expectError,
  expectOther,
  expectSame,
  expectStatus,
  expectTagIsVersion,
  expectThat,
  listAt,
} from '../expect.js'
import { replace } from '../patch-operations.js'
import { must, on, should, type WireCase } from '../wire-case.js'

const weakForm = (tag: string): string => `W/${tag}`

function expectStrong({ about, tag }: Answer): void {
  expectThat(tag.startsWith('"') && tag.endsWith('"') && tag.length > 2, `${about}: expected a strong tag, got ${tag}`)
}

const projections = [
  '',
  '?attributes=userName',
  '?attributes=meta.version',
  '?excludedAttributes=meta',
  '?attributes=meta',
]

async function changed(client: Client, { path, name }: Made, tag: string, title: string): Promise<Answer> {
  return client.put(path, userBody({ userName: name, title }), { 'If-Match': tag })
}

const representations: readonly WireCase[] = [
  must(
    'strict-tags-strong',
    'every tag is strong, and meta.version is the same string',
    'RFC 9110 §8.8.3; RFC 7643 §3.1; RFC 7644 §3.14',
    async (client) => {
      const made = await client.makeUser({ title: 'A' })
      const answers = [
        made,
        await client.get(made.path),
        await client.put(made.path, userBody({ userName: made.name, title: 'B' })),
        await client.patch(made.path, replace('title', 'C')),
      ]
      for (const answer of answers) {
        expectStrong(answer)
        expectTagIsVersion(answer)
      }
      expectSame(answers.at(-1)?.tag, (await client.get(made.path)).tag, 'the ETag when it is read')
      expectSame((await client.head(made.path)).tag, answers.at(-1)?.tag, 'the ETag of HEAD')
    },
  ),
  must(
    'strict-tags-per-projection',
    'each projection has a different tag, because its bytes differ',
    'RFC 9110 §8.8.1',
    async (client) => {
      const { path } = await client.makeUser({ title: 'A' })
      const tags = new Map<string, string>()
      for (const query of projections) {
        const answer = expectStatus(await client.get(`${path}${query}`), 200)
        const again = await client.get(`${path}${query}`)
        expectSame([again.tag, again.body], [answer.tag, answer.body], `${answer.about}: ETag and body, asked again`)
        expectThat(!tags.has(answer.tag), `${answer.about}: has the tag of ${tags.get(answer.tag)}`)
        tags.set(answer.tag, answer.about)
      }
      expectTagIsVersion(await client.get(`${path}?attributes=meta.version`))
    },
  ),
  must(
    'strict-tags-per-media-type',
    'representations that differ only in media type have different tags',
    'RFC 9110 §8.8.1',
    async (client) => {
      const { path, tag } = await client.makeUser()
      expectOther((await client.get(path, { Accept: 'application/json' })).tag, tag, 'the ETag as application/json')
    },
  ),
  must(
    'strict-tags-derived',
    'a change of derived attributes changes the tag, and does not fail writes with the old one',
    'RFC 9110 §8.8.1; ADR 8',
    async (client) => {
      const user = await client.makeUser()
      await client.makeGroup([user])
      const read = expectStatus(await client.get(user.path), 200)
      expectThat(listAt(read.json, 'groups').length === 1, `${read.about}: expected one group`)
      expectOther(read.tag, user.tag, 'the ETag, after the user came into a group')
      expectStatus(await client.get(user.path, { 'If-None-Match': user.tag }), 200)
      // The user itself has not changed: the tag that was read before the group was created still identifies its version.
      expectStatus(await changed(client, user, user.tag, 'New'), 200)
    },
  ),
  must('strict-tags-lists', 'each resource in a list has the tag of a single read', 'RFC 7643 §3.1', async (client) => {
    const { name, path } = await client.makeUser({ title: 'A' })
    for (const query of ['', '&attributes=meta.version,title', '&excludedAttributes=title']) {
      const list = await client.find('/Users', `userName eq "${name}"`, query)
      const alone = await client.get(`${path}${query.replace('&', '?')}`)
      expectSame(listAt(list.json, 'Resources'), [alone.json] as readonly Json[], `Resources with ${query}`)
      expectTagIsVersion(alone)
    }
  }),
  should(
    'strict-tags-discovery',
    'discovery documents have strong tags too',
    'RFC 9110 §8.8.3; RFC 7643 §3.1',
    async (client) => {
      for (const path of ['/ServiceProviderConfig', '/ResourceTypes/User', `/Schemas/${groupUrn}`]) {
        const answer = expectStatus(await client.get(path), 200)
        expectStrong(answer)
        expectTagIsVersion(answer)
        expectStatus(await client.get(path, { 'If-None-Match': answer.tag }), 304)
      }
      for (const path of ['/ResourceTypes', '/Schemas']) {
        const answer = expectStatus(await client.get(path), 200)
        expectStrong(answer)
        expectStatus(await client.get(path, { 'If-None-Match': answer.tag }), 304)
      }
    },
  ),
]

const comparison: readonly WireCase[] = [
  must(
    'strict-tags-304',
    'If-None-Match compares this representation, weakly',
    'RFC 9110 §13.1.2, §8.8.3.2',
    async (client) => {
      const { path, tag } = await client.makeUser({ title: 'A' })
      const part = `${path}?attributes=title`
      const partTag = (await client.get(part)).tag
      for (const [target, own, other] of [
        [path, tag, partTag],
        [part, partTag, tag],
      ] as const) {
        const same = expectStatus(await client.get(target, { 'If-None-Match': own }), 304)
        expectSame([same.tag, same.body], [own, ''], `${same.about}: ETag and body of the 304`)
        expectStatus(await client.get(target, { 'If-None-Match': weakForm(own) }), 304)
        expectStatus(await client.get(target, { 'If-None-Match': `"x", ${own}` }), 304)
        expectStatus(await client.get(target, { 'If-None-Match': other }), 200)
      }
      expectStatus(await client.get(path, { 'If-None-Match': '*' }), 304)
    },
  ),
  must(
    'strict-tags-if-match',
    'If-Match accepts the tag of any representation of the version, but no weak tag',
    'RFC 9110 §13.1.1, §8.8.3.2; ADR 25',
    async (client) => {
      const user = await client.makeUser({ title: 'A' })
      expectError(await changed(client, user, weakForm(user.tag), 'X'), 412)
      let tag = (await client.get(`${user.path}?attributes=title`)).tag
      for (const [i, query] of projections.entries()) {
        const put = expectStatus(await changed(client, user, tag, `title ${i}`), 200)
        expectError(await changed(client, user, tag, 'X'), 412)
        expectOther(put.tag, tag, 'the ETag')
        tag = (await client.get(`${user.path}${query}`)).tag
      }
      expectError(await client.remove(user.path, { 'If-Match': `"1", ${weakForm(tag)}` }), 412)
      expectStatus(await client.remove(user.path, { 'If-Match': `"1", ${tag}` }), 204)
    },
  ),
  must(
    'strict-tags-if-match-read',
    'If-Match of a read is compared with the tag of exactly this representation',
    'RFC 9110 §13.1.1',
    async (client) => {
      const { path, tag } = await client.makeUser({ title: 'A' })
      expectStatus(await client.get(path, { 'If-Match': tag }), 200)
      expectError(await client.get(path, { 'If-Match': weakForm(tag) }), 412)
      expectError(await client.get(`${path}?attributes=title`, { 'If-Match': tag }), 412)
    },
  ),
  should(
    'strict-tags-without-body',
    'the tag of a response without a body, and of a 412, is valid for the next write',
    'RFC 9110 §15.3.5; RFC 7644 §3.5.2, §3.14; ADR 25',
    async (client) => {
      const user = await client.makeUser({ title: 'A' })
      const done = expectStatus(await client.patch(user.path, replace('title', 'B'), { Prefer: 'return=minimal' }), 204)
      expectStrong(done)
      // The tag came without a representation, so it identifies none.
      expectStatus(await client.get(user.path, { 'If-None-Match': done.tag }), 200)
      const next = await client.change(user.path, replace('title', 'C'), { 'If-Match': done.tag })
      const stale = expectError(await client.patch(user.path, replace('title', 'D'), { 'If-Match': done.tag }), 412)
      expectOther(stale.tag, done.tag, 'the ETag of the 412')
      await client.change(user.path, replace('title', 'D'), { 'If-Match': stale.tag })
      expectOther((await client.get(user.path)).tag, next.tag, 'the ETag')
    },
  ),
]

/** Strong tags. */
export const strictTags: readonly WireCase[] = on('strictTags', [...representations, ...comparison])
