/** ETags, If-Match and If-None-Match. @see RFC 7644 §3.14; RFC 9110 §13; FP-V1 to FP-V24 */
import type { Answer, Json } from '../answer.js'
import { type Client, groupBody, type Headers, type Made, otherTag, patchUrn, searchUrn, userBody } from '../client.js'
import {
  expectAbsent,
  expectError,
  expectOther,
  expectSame,
  expectStatus,
  expectTagIsVersion,
  expectThat,
  metaOf,
  pause,
} from '../expect.js'
import { add, remove, replace } from '../patch-operations.js'
import { must, should, type WireCase } from '../wire-case.js'

/** A tag without its `W/`. */
const strong = (tag: string): string => (tag.startsWith('W/') ? tag.slice(2) : tag)

type Tags = (tag: string) => string | readonly string[]

interface Write {
  readonly name: string
  readonly success: number | readonly number[]
  readonly send: (client: Client, user: Made, headers?: Headers) => Promise<Answer>
}

const writes: readonly Write[] = [
  {
    name: 'put',
    success: 200,
    send: (client, { path, name }, headers) => client.put(path, userBody({ userName: name, title: 'New' }), headers),
  },
  {
    name: 'patch',
    success: [200, 204],
    send: (client, { path }, headers) => client.patch(path, replace('title', 'New'), headers),
  },
  { name: 'delete', success: 204, send: (client, { path }, headers) => client.remove(path, headers) },
]

// ── responses with tags ───────────────────────────────────────────────────────────────────────────────────────────────

const tags: readonly WireCase[] = [
  must(
    'etag-on-read',
    'a read has an ETag, and meta.version is the same',
    'RFC 7644 §3.14; RFC 7643 §3.1; FP-V1',
    async (client) => {
      const made = await client.makeUser()
      const read = await client.get(made.path)
      expectTagIsVersion(read)
      expectSame(read.tag, made.tag, 'the ETag of an unchanged resource')
    },
  ),
  should(
    'etag-on-put',
    'a PUT has an ETag, and meta.version is the same',
    'RFC 7643 §3.1; RFC 7644 §3.14; FP-V3',
    async (client) => {
      const made = await client.makeUser()
      const put = expectStatus(await client.put(made.path, userBody({ userName: made.name, title: 'New' })), 200)
      expectTagIsVersion(put)
      expectSame((await client.get(made.path)).tag, put.tag, 'the ETag when it is read')
    },
  ),
  must(
    'etag-on-patch',
    'a PATCH has an ETag, and meta.version is the same',
    'RFC 7644 §3.5.2, §3.14',
    async (client) => {
      const made = await client.makeUser()
      const patched = await client.change(made.path, [add('title', 'New')])
      if (patched.status === 200) expectTagIsVersion(patched)
      expectSame((await client.get(made.path)).tag, patched.tag, 'the ETag when it is read')
    },
  ),
  should(
    'etag-in-lists',
    'meta.version in a list is the ETag of the resource',
    'RFC 7643 §3.1; FP-V2',
    async (client) => {
      const { name, tag } = await client.makeUser()
      expectStatus(await client.find('/Users', `userName eq "${name}"`), 200, {
        Resources: [{ meta: { version: tag } }],
      })
    },
  ),
  should(
    'etag-under-projection',
    'a projection changes neither ETag nor meta.version',
    'RFC 9110 §8.8.1; FP-V4',
    async (client) => {
      const { path, tag } = await client.makeUser({ title: 'A' })
      expectSame((await client.get(`${path}?attributes=userName`)).tag, tag, 'the ETag with attributes')
      const meta = await client.get(`${path}?attributes=meta.version`)
      expectSame([meta.tag, metaOf(meta).version], [tag, tag], 'ETag and meta.version with attributes=meta.version')
      expectSame((await client.get(`${path}?excludedAttributes=title`)).tag, tag, 'the ETag with excludedAttributes')
    },
  ),
  should(
    'etag-is-weak',
    'the ETag is weak: one version has several representations',
    'RFC 7643 §3.1; RFC 9110 §8.8.1',
    async (client) => {
      const { tag } = await client.makeUser()
      expectThat(tag.startsWith('W/"') && tag.endsWith('"'), `expected a weak entity tag, got ${tag}`)
    },
  ),
  must(
    'etag-moves-with-every-change',
    'a tag changes with every write and is never used again',
    'RFC 7644 §3.14; RFC 9110 §8.8; FP-V13',
    async (client) => {
      const { path, name, tag } = await client.makeUser({ title: 'A' })
      const seen = [tag]
      for (const title of ['B', 'A', 'B', 'A']) {
        seen.push(expectStatus(await client.put(path, userBody({ userName: name, title })), 200).tag)
      }
      seen.push((await client.patch(path, replace('title', 'B'))).tag)
      expectSame(new Set(seen).size, seen.length, `different tags among ${seen.join(' ')}`)
    },
  ),
  should(
    'no-last-modified-header',
    'no Last-Modified is sent: dates are too coarse to compare',
    'RFC 9110 §8.8.2; FP-V9',
    async (client) => {
      const { path } = await client.makeUser()
      expectSame((await client.get(path)).headers['last-modified'], undefined, 'Last-Modified')
    },
  ),
]

// ── changes of tags ─────────────────────────────────────────────────────────────────────────────────

const patchNoOps: readonly (readonly [string, 'MUST' | 'SHOULD', string, readonly Json[]])[] = [
  ['add-same-value', 'MUST', 'RFC 7644 §3.5.2.1', [add('title', 'A')]],
  ['add-same-element', 'MUST', 'RFC 7644 §3.5.2.1', [add('emails', [{ value: 'a@example.com', type: 'work' }])]],
  ['replace-same-value', 'SHOULD', 'RFC 7644 §3.5.2.3; FP-V12', [replace('title', 'A')]],
  [
    'replace-same-without-path',
    'SHOULD',
    'RFC 7644 §3.5.2.3; FP-V12',
    [{ op: 'replace', value: { title: 'A', name: { givenName: 'B' } } }],
  ],
  ['remove-absent', 'SHOULD', 'RFC 7644 §3.5.2.2; FP-V12', [remove('nickName')]],
  ['there-and-back', 'SHOULD', 'RFC 7644 §3.5.2; FP-V12', [add('title', 'Z'), add('title', 'A')]],
]

const start = { title: 'A', name: { givenName: 'B' }, emails: [{ value: 'a@example.com', type: 'work' }] }

async function expectUnchanged(client: Client, before: Made, write: () => Promise<Answer>): Promise<void> {
  await pause()
  const answer = expectStatus(await write(), [200, 204])
  expectSame(answer.tag, before.tag, `${answer.about}: the ETag`)
  const after = await client.get(before.path)
  expectSame([after.tag, after.json], [before.tag, before.json], 'ETag and resource afterwards')
}

const noOps: readonly WireCase[] = [
  should(
    'put-unchanged',
    'a PUT of the current state writes nothing: same tag, same lastModified',
    'RFC 7644 §3.5.1; FP-V12',
    async (client) => {
      const made = await client.makeUser(start)
      await expectUnchanged(client, made, () => client.put(made.path, userBody({ ...start, userName: made.name })))
    },
  ),
  should(
    'put-unchanged-other-order',
    'a PUT with another key order, echoed meta and derived attributes writes nothing',
    'RFC 7644 §3.5.1; RFC 7643 §2.3.8; FP-V12',
    async (client) => {
      const made = await client.makeUser(start)
      const { name, emails, title } = start
      const body = {
        meta: { version: otherTag },
        emails,
        groups: [],
        title,
        name,
        ...userBody({ userName: made.name }),
        id: made.id,
      }
      await expectUnchanged(client, made, () => client.put(made.path, body))
    },
  ),
  should(
    'put-unchanged-group',
    'a PUT of a group with the same members in another order writes nothing',
    'RFC 7644 §3.5.1; RFC 7643 §2.4; FP-V12',
    async (client) => {
      const [ann, bob] = [await client.makeUser(), await client.makeUser()]
      const { path, name } = await client.makeGroup([ann, bob])
      const made = { ...(await client.get(path)), path, name, id: '' }
      const body = groupBody({ displayName: name, members: [{ value: bob.id }, { value: ann.id }] })
      await expectUnchanged(client, made, () => client.put(path, body))
    },
  ),
  ...patchNoOps.map(([id, level, citation, operations]) =>
    (level === 'MUST' ? must : should)(
      `patch-unchanged-${id}`,
      'a PATCH that changes nothing writes nothing: same tag, same lastModified',
      citation,
      async (client) => {
        const made = await client.makeUser(start)
        await expectUnchanged(client, made, () => client.patch(made.path, operations))
      },
    ),
  ),
  should('last-modified-moves', 'a change keeps created and changes lastModified', 'RFC 7643 §3.1', async (client) => {
    const made = await client.makeUser()
    await pause(20)
    const { tag, json } = await client.put(made.path, userBody({ userName: made.name, title: 'New' }))
    const meta = metaOf({ ...made, json })
    expectOther(tag, made.tag, 'the ETag')
    expectSame(meta.created, metaOf(made).created, 'meta.created')
    const [before, after] = [metaOf(made).lastModified, meta.lastModified].map((time) => Date.parse(String(time)))
    expectThat(
      Number(after) > Number(before),
      `meta.lastModified: expected a later time than ${metaOf(made).lastModified}`,
    )
  }),
  should(
    'member-change-moves-group',
    'a change of members changes the tag of the group',
    'RFC 7644 §3.14; ADR 8; FP-V20',
    async (client) => {
      const [user, group] = [await client.makeUser(), await client.makeGroup()]
      await pause()
      const { tag } = await client.change(group.path, [add('members', [{ value: user.id }])])
      expectOther(tag, group.tag, 'the ETag of the group')
      expectSame((await client.get(group.path)).tag, tag, 'the ETag when it is read')
      expectOther(metaOf(await client.get(group.path)).lastModified, metaOf(group).lastModified, 'meta.lastModified')
    },
  ),
  should(
    'member-change-leaves-user',
    'a change of members does not change the tag of the user: groups are derived',
    'RFC 7643 §4.1.2; FP-V19',
    async (client) => {
      const user = await client.makeUser()
      await client.makeGroup([user])
      expectSame((await client.get(user.path)).tag, user.tag, 'the ETag of the user')
      expectStatus(await client.get(user.path, { 'If-None-Match': user.tag }), 304)
    },
  ),
  should(
    'member-rename-leaves-group',
    'a new name of a member does not change the tag of the group',
    'RFC 7643 §4.2; FP-V19',
    async (client) => {
      const user = await client.makeUser({ displayName: 'Old' })
      const group = await client.makeGroup([user])
      await client.change(user.path, [replace('displayName', 'New')])
      const read = await client.get(group.path)
      expectSame(read.tag, group.tag, 'the ETag of the group')
      expectStatus(read, 200, { members: [{ value: user.id, display: 'New' }] })
    },
  ),
]

// ── reads ────────────────────────────────────────────────────────────────────────────────────────────────────────

const conditionalReads: readonly (readonly [string, string, Tags | undefined, Tags | undefined, number])[] = [
  ['if-none-match-304', 'the tag in If-None-Match: 304', undefined, (tag) => tag, 304],
  ['if-none-match-weak-304', 'the tag without W/ in If-None-Match: weak comparison, 304', undefined, strong, 304],
  ['if-none-match-list-304', 'the tag in a list in If-None-Match: 304', undefined, (tag) => `${otherTag}, ${tag}`, 304],
  ['if-none-match-repeated-304', 'If-None-Match sent twice is one list', undefined, (tag) => [otherTag, tag], 304],
  ['if-none-match-star-304', 'If-None-Match: * for an existing resource: 304', undefined, () => '*', 304],
  ['if-none-match-other-200', 'another tag in If-None-Match: 200', undefined, () => otherTag, 200],
  ['if-match-read-200', 'the tag in If-Match: 200', (tag) => tag, undefined, 200],
  ['if-match-star-read-200', 'If-Match: * for an existing resource: 200', () => '*', undefined, 200],
  ['if-match-stale-read-412', 'another tag in If-Match: 412, for reads too', () => otherTag, undefined, 412],
  [
    'if-match-then-if-none-match-304',
    'If-Match that holds, then If-None-Match that does not: 304',
    (tag) => tag,
    (tag) => tag,
    304,
  ],
  ['if-match-before-if-none-match-412', 'If-Match is evaluated first: 412, not 304', () => otherTag, (tag) => tag, 412],
]

const reads: readonly WireCase[] = conditionalReads.map(([id, title, match, noneMatch, status]) =>
  must(id, title, 'RFC 9110 §13.1.1, §13.1.2, §13.2.2', async (client) => {
    const { path, tag } = await client.makeUser()
    const headers = { 'If-Match': match?.(tag), 'If-None-Match': noneMatch?.(tag) }
    for (const answer of [await client.get(path, headers), await client.head(path, headers)]) {
      expectStatus(answer, status)
      expectSame(answer.tag, tag, `${answer.about}: the ETag`)
      if (status === 304) expectSame(answer.body, '', `${answer.about}: the body`)
      if (status === 412 && answer.about.startsWith('GET')) expectError(answer, 412)
    }
  }),
)

// ── writes ───────────────────────────────────────────────────────────────────────────────────────────────────────

const conditionalWrites: readonly (readonly [string, string, Tags | undefined, Tags | undefined, boolean])[] = [
  ['if-match', 'the weak tag in If-Match: carried out', (tag) => tag, undefined, true],
  ['if-match-strong', 'the tag without W/ in If-Match: opaque values are compared', strong, undefined, true],
  ['if-match-list', 'the tag in a list: carried out', (tag) => `"a", ${tag} ,${otherTag}`, undefined, true],
  ['if-match-repeated', 'If-Match sent twice is one list', (tag) => [otherTag, tag], undefined, true],
  ['if-match-star', 'If-Match: * for an existing resource: carried out', () => '*', undefined, true],
  ['if-none-match-other', 'another tag in If-None-Match: carried out', undefined, () => otherTag, true],
  ['if-match-stale', 'another tag in If-Match: 412', () => otherTag, undefined, false],
  ['if-match-stale-list', 'a list of other tags: 412', () => `${otherTag}, "x"`, undefined, false],
  ['if-match-foreign', 'a well-formed tag that the server never created: 412', () => '"ünfälschbar"', undefined, false],
  ['if-none-match', 'the tag in If-None-Match: 412', undefined, (tag) => tag, false],
  ['if-none-match-star', 'If-None-Match: * for an existing resource: 412', undefined, () => '*', false],
  [
    'if-match-and-if-none-match',
    'If-Match that holds and If-None-Match that does not: 412',
    (tag) => tag,
    (tag) => tag,
    false,
  ],
]

const conditional: readonly WireCase[] = writes.flatMap(({ name, success, send }) =>
  conditionalWrites.map(([id, title, match, noneMatch, holds]) =>
    must(
      `${name}-${id}${holds ? '' : '-412'}`,
      title,
      'RFC 7644 §3.14; RFC 9110 §13.1; FP-V5, FP-V6',
      async (client) => {
        const user = await client.makeUser({ title: 'Old' })
        const headers = { 'If-Match': match?.(user.tag), 'If-None-Match': noneMatch?.(user.tag) }
        const answer = await send(client, user, headers)
        if (holds) {
          expectStatus(answer, success)
          const after = await client.get(user.path)
          if (name === 'delete') expectStatus(after, 404)
          else expectStatus(after, 200, { title: 'New' })
          return
        }
        expectError(answer, 412)
        expectSame(answer.tag, user.tag, `${answer.about}: the ETag of a 412`)
        const after = expectStatus(await client.get(user.path), 200, { title: 'Old' })
        expectSame(after.tag, user.tag, 'the ETag afterwards')
      },
    ),
  ),
)

const garbage: readonly (readonly [string, string])[] = [
  ['word', 'abc'],
  ['open', '"abc'],
  ['lower-case-w', 'w/"abc"'],
  ['no-comma', '"a" "b"'],
  ['tag-and-word', `${otherTag}, abc`],
  ['star-and-tag', `*, ${otherTag}`],
  ['comma', ','],
]

const garbled: readonly WireCase[] = [
  ...garbage.map(([id, text]) =>
    should(
      `if-match-garbage-${id}-400`,
      'an invalid If-Match is 400, never treated as absent',
      'RFC 9110 §13.1.1; ADR 5; FP-V7',
      async (client) => {
        const user = await client.makeUser({ title: 'Old' })
        for (const { send } of writes) expectError(await send(client, user, { 'If-Match': text }), 400)
        expectError(await client.get(user.path, { 'If-Match': text }), 400)
        expectSame((await client.get(user.path)).tag, user.tag, 'the ETag afterwards')
      },
    ),
  ),
  should(
    'if-none-match-garbage-400',
    'an invalid If-None-Match is 400 too',
    'RFC 9110 §13.1.2; ADR 5; FP-V7',
    async (client) => {
      const user = await client.makeUser()
      for (const { send } of writes) expectError(await send(client, user, { 'If-None-Match': 'abc' }), 400)
      expectError(await client.get(user.path, { 'If-None-Match': '"abc' }), 400)
    },
  ),
  should('if-match-65-tags-400', '65 tags are too many: 400', 'RFC 9110 §15.5.1; ADR 5; FP-V7', async (client) => {
    const user = await client.makeUser()
    const text = Array.from({ length: 64 }, (_, i) => `"${i}"`)
    expectError(await client.remove(user.path, { 'If-Match': [...text, user.tag].join(', ') }), 400)
    expectStatus(await client.remove(user.path, { 'If-Match': [...text.slice(1), user.tag].join(', ') }), 204)
  }),
]

// ── precedence of errors ───────────────────────────────────────────────────────────────────────────────────────────────

const stale = { 'If-Match': otherTag }

const order: readonly WireCase[] = [
  must(
    '404-before-412',
    'an unknown id is 404, whatever the precondition',
    'RFC 9110 §13.2.1; FP-V8',
    async (client) => {
      const unknown = { ...(await client.makeUser()), path: '/Users/no-such-user' }
      for (const { send } of writes) {
        expectError(await send(client, unknown, stale), 404)
        expectError(await send(client, unknown, { 'If-None-Match': '*' }), 404)
      }
      expectError(await client.get(unknown.path, stale), 404)
      expectError(await client.get(unknown.path, { 'If-None-Match': '*' }), 404)
    },
  ),
  must(
    '405-before-412',
    'an unsupported method is 405, whatever the precondition',
    'RFC 9110 §13.2.1',
    async (client) => {
      expectError(await client.put('/Users', userBody(), stale), 405)
      expectError(await client.remove('/Schemas', stale), 405)
    },
  ),
  must(
    '415-before-412',
    'a body with an unsupported media type is 415, whatever the precondition',
    'RFC 9110 §13.2.1',
    async (client) => {
      const user = await client.makeUser()
      const headers = { ...stale, 'Content-Type': 'text/plain' }
      expectError(await client.put(user.path, userBody(), headers), 415)
      expectError(await client.patch(user.path, [], headers), 415)
    },
  ),
  must('400-before-412', 'an invalid query is 400, whatever the precondition', 'RFC 9110 §13.2.1', async (client) => {
    const { path, name } = await client.makeUser()
    const both = `${path}?attributes=userName&excludedAttributes=title`
    expectError(await client.put(both, userBody({ userName: name }), stale), 400)
    expectError(await client.get(both, stale), 400)
  }),
  must(
    '406-before-412',
    'an Accept without a supported type is 406, whatever the precondition',
    'RFC 9110 §13.2.1',
    async (client) => {
      const { path, name } = await client.makeUser()
      expectStatus(await client.put(path, userBody({ userName: name }), { ...stale, Accept: 'text/html' }), 406)
    },
  ),
  should(
    '412-before-body',
    'a stale write is 412 before its body is checked',
    'RFC 9110 §13.2.1 (“prior to processing the request content”); FP-V8',
    async (client) => {
      const { path } = await client.makeUser()
      expectError(await client.put(path, '{"userName":', stale), 412)
      expectError(await client.put(path, userBody({ active: 'maybe' }), stale), 412)
      expectError(await client.patch(path, { op: 'fly', path: 'title' }, stale), 412)
    },
  ),
  should(
    '412-never-409',
    'a stale write that would also be a duplicate is 412, never 409',
    'RFC 7644 §3.14; RFC 9110 §13.2.1; FP-V10',
    async (client) => {
      const [taken, user] = [await client.makeUser(), await client.makeUser()]
      expectError(await client.put(user.path, userBody({ userName: taken.name }), stale), 412)
      expectError(await client.patch(user.path, replace('userName', taken.name), stale), 412)
      expectError(
        await client.put(user.path, userBody({ userName: taken.name }), { 'If-Match': user.tag }),
        409,
        'uniqueness',
      )
    },
  ),
  should(
    'dates-are-no-preconditions',
    'If-Modified-Since and If-Unmodified-Since are ignored',
    'RFC 9110 §13.1.3, §13.1.4; FP-V9',
    async (client) => {
      const { path, name } = await client.makeUser()
      const [past, future] = ['Mon, 01 Jan 1990 00:00:00 GMT', 'Fri, 01 Jan 2100 00:00:00 GMT']
      expectStatus(await client.get(path, { 'If-Modified-Since': future }), 200)
      expectStatus(await client.get(path, { 'If-Unmodified-Since': past }), 200)
      expectStatus(
        await client.put(path, userBody({ userName: name, title: 'New' }), { 'If-Unmodified-Since': past }),
        200,
      )
    },
  ),
]

// ── lists and creates ────────────────────────────────────────────────────────────────────────────────

const collections: readonly WireCase[] = [
  should(
    'create-if-match-412',
    'a create with If-Match is 412; the precondition is never ignored',
    'RFC 9110 §13.1.1; FP-V11',
    async (client) => {
      const body = userBody()
      expectError(await client.post('/Users', body, { 'If-Match': otherTag }), 412)
      expectStatus(await client.find('/Users', `userName eq "${body.userName}"`), 200, { totalResults: 0 })
    },
  ),
  should(
    'create-if-none-match',
    'If-None-Match has no effect on a create: uniqueness is the condition',
    'RFC 9110 §13.1.2; FP-V11',
    async (client) => {
      expectStatus(await client.post('/Users', userBody(), { 'If-None-Match': '*' }), 201)
      expectStatus(await client.post('/Users', userBody(), { 'If-None-Match': otherTag }), 201)
    },
  ),
  should(
    'create-if-match-garbage-400',
    'an invalid If-Match is 400 on a create too',
    'RFC 9110 §13.1.1; ADR 5; FP-V7',
    async (client) => {
      expectError(await client.post('/Users', userBody(), { 'If-Match': 'abc' }), 400)
    },
  ),
  should(
    'list-if-match-412',
    'a list has no version: If-Match with tags is 412',
    'RFC 9110 §13.1.1; FP-V11',
    async (client) => {
      expectError(await client.get('/Users?count=0', { 'If-Match': otherTag }), 412)
      const search = { schemas: [searchUrn], count: 0 }
      expectError(await client.post('/Users/.search', search, { 'If-Match': otherTag }), 412)
    },
  ),
  should(
    'list-if-none-match',
    'If-None-Match has no effect on a list or a search',
    'RFC 9110 §13.1.2; FP-V11',
    async (client) => {
      const { name, tag } = await client.makeUser()
      const filter = `userName eq "${name}"`
      const headers = { 'If-None-Match': tag }
      expectStatus(await client.get(`/Users?filter=${encodeURIComponent(filter)}`, headers), 200, { totalResults: 1 })
      expectStatus(
        await client.post('/Users/.search', { schemas: [searchUrn], filter }, { 'If-None-Match': '*' }),
        200,
        { totalResults: 1 },
      )
    },
  ),
]

// ── concurrent writers ───────────────────────────────────────────────────────────────────────────────────────────

const promises: readonly WireCase[] = [
  must(
    'lost-update-412',
    'of two writers that read one version the second gets 412, and the first change is not lost',
    'RFC 7644 §3.14',
    async (client) => {
      const { path, name, tag } = await client.makeUser({ title: 'Guide' })
      const first = expectStatus(
        await client.put(path, userBody({ userName: name, title: 'First' }), { 'If-Match': tag }),
        200,
      )
      const second = expectError(
        await client.put(path, userBody({ userName: name, title: 'Second' }), { 'If-Match': tag }),
        412,
      )
      expectSame(second.tag, first.tag, 'the ETag of the 412')
      expectStatus(await client.get(path), 200, { title: 'First' })
      expectStatus(
        await client.put(path, userBody({ userName: name, title: 'Second' }), { 'If-Match': second.tag }),
        200,
      )
    },
  ),
  should('412-for-humans', 'a 412 is a SCIM error with a detail and no scimType', 'RFC 7644 §3.12', async (client) => {
    const { path } = await client.makeUser()
    const answer = expectError(await client.remove(path, { 'If-Match': otherTag }), 412)
    expectThat(typeof answer.json.detail === 'string', 'expected a detail')
    expectAbsent(answer, 'scimType')
  }),
  should(
    'unconditional-writers-all-win',
    'sixteen concurrent writers without If-Match all succeed, and no change is lost',
    'RFC 7644 §3.5.2; FP-V14',
    async (client) => {
      const { path, tag } = await client.makeUser()
      const values = Array.from({ length: 16 }, (_, i) => `${i}@example.com`)
      const answers = await Promise.all(values.map((value) => client.patch(path, add('emails', [{ value }]))))
      for (const answer of answers) expectStatus(answer, [200, 204])
      const after = expectStatus(await client.get(path), 200, { emails: values.map((value) => ({ value })) })
      expectSame(new Set([tag, ...answers.map((answer) => answer.tag)]).size, 17, 'different tags')
      expectThat(
        answers.some((answer) => answer.tag === after.tag),
        'expected the tag of one of the writers',
      )
    },
  ),
  must(
    'one-of-eight-wins',
    'of eight concurrent writers with one tag exactly one succeeds, the others get 412',
    'RFC 7644 §3.14; RFC 9110 §13.1.1; FP-V15',
    async (client) => {
      const { path, tag } = await client.makeUser()
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, i) => client.patch(path, replace('title', `T${i}`), { 'If-Match': tag })),
      )
      const won = answers.filter(({ status }) => status === 200 || status === 204)
      expectSame(won.length, 1, 'winners')
      for (const answer of answers) expectStatus(answer, [200, 204, 412])
      expectSame(
        (await client.get(path)).json.title,
        `T${answers.findIndex((answer) => won.includes(answer))}`,
        'title',
      )
    },
  ),
  should(
    'patch-message-with-if-match',
    'a PATCH in any spelling of its message honours If-Match',
    'RFC 7644 §3.14; IDP-2',
    async (client) => {
      const { path } = await client.makeUser()
      const message = { schemas: [patchUrn], operations: [{ Op: 'Replace', Path: 'title', Value: 'New' }] }
      const headers = { Accept: 'application/scim+json', 'Content-Type': 'application/scim+json', 'if-match': otherTag }
      expectError(await client.send({ method: 'PATCH', path, headers, body: JSON.stringify(message) }), 412)
    },
  ),
]

/** ETags and preconditions. */
export const versionsAndPreconditions: readonly WireCase[] = [
  ...tags,
  ...noOps,
  ...reads,
  ...conditional,
  ...garbled,
  ...order,
  ...collections,
  ...promises,
]
