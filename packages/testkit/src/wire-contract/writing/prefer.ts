/** The content of the response to a write. @see RFC 7240 §2, §3, §4.2; RFC 7644 §3.3, §3.5; FP-P18 */
import type { Answer } from '../answer.js'
import { type Client, groupBody, type Headers, type Made, userBody } from '../client.js'
import { expectError, expectSame, expectStatus, expectTagIsVersion, expectThat, listAt } from '../expect.js'
import { add } from '../patch-operations.js'
import { must, should, type WireCase } from '../wire-case.js'

const minimal = { Prefer: 'return=minimal' }
const representation = { Prefer: 'return=representation' }

function expectApplied(answer: Answer, preference: string | undefined): void {
  expectSame(answer.headers['preference-applied'], preference, `${answer.about}: Preference-Applied`)
}

/** A successful response without a body: the tag is that of the current resource. */
async function expectMinimal(client: Client, answer: Answer, path: string): Promise<void> {
  expectSame(answer.body, '', `${answer.about}: the body`)
  expectApplied(answer, 'return=minimal')
  expectSame(answer.tag, expectStatus(await client.get(path), 200).tag, `${answer.about}: the ETag`)
}

const changes: readonly (readonly [string, (client: Client, user: Made, headers: Headers) => Promise<Answer>])[] = [
  ['put', (client, { path, name }, headers) => client.put(path, userBody({ userName: name, title: 'New' }), headers)],
  ['patch', (client, { path }, headers) => client.patch(path, add('title', 'New'), headers)],
]

const least: readonly WireCase[] = [
  should(
    'prefer-minimal-post',
    'a POST that prefers a minimal response gets 201 with Location and ETag, and no body',
    'RFC 7240 §4.2; RFC 7644 §3.3',
    async (client) => {
      const answer = expectStatus(await client.post('/Users', userBody(), minimal), 201)
      const path = `/Users/${(answer.headers.location ?? '').split('/').at(-1)}`
      await expectMinimal(client, answer, path)
      expectStatus(await client.remove(path), 204)
    },
  ),
  ...changes.map(([id, change]) =>
    should(
      `prefer-minimal-${id}`,
      `a ${id.toUpperCase()} that prefers a minimal response gets 204 with ETag`,
      'RFC 7240 §4.2; RFC 7644 §3.5',
      async (client) => {
        const user = await client.makeUser()
        await expectMinimal(client, expectStatus(await change(client, user, minimal), 204), user.path)
        // A repeated write changes nothing, and has the same response.
        await expectMinimal(client, expectStatus(await change(client, user, minimal), 204), user.path)
        expectStatus(await client.get(user.path), 200, { title: 'New' })
      },
    ),
  ),
  must(
    'prefer-minimal-attributes',
    'a request with attributes gets a body, whatever is preferred',
    'RFC 7644 §3.5.2, §3.9; FP-P18',
    async (client) => {
      const user = await client.makeUser()
      for (const [id, change] of changes) {
        for (const query of ['?attributes=title', '?excludedAttributes=emails']) {
          const answer = expectStatus(await change(client, { ...user, path: `${user.path}${query}` }, minimal), 200)
          expectSame([id, answer.json.title], [id, 'New'], 'title')
          expectApplied(answer, undefined)
        }
      }
      const made = expectStatus(await client.post('/Users?attributes=title', userBody({ title: 'New' }), minimal), 201)
      expectSame(made.json.title, 'New', 'title')
    },
  ),
  should('prefer-minimal-error', 'an error keeps its body', 'RFC 7644 §3.12; RFC 7240 §4.2', async (client) => {
    expectError(await client.post('/Users', { ...userBody(), userName: '' }, minimal), 400, 'invalidValue')
    expectError(await client.put('/Users/none', userBody(), minimal), 404)
  }),
  should('prefer-minimal-get', 'a read has its body, whatever is preferred', 'RFC 7240 §2', async (client) => {
    const { path, name } = await client.makeUser()
    expectStatus(await client.get(path, minimal), 200, { userName: name })
  }),
]

const most: readonly WireCase[] = [
  should(
    'prefer-representation',
    'a request that prefers the representation gets it, with Preference-Applied',
    'RFC 7240 §3, §4.2',
    async (client) => {
      const made = expectStatus(await client.post('/Users', userBody(), representation), 201)
      expectApplied(made, 'return=representation')
      const user = { ...(await client.makeUser()) }
      for (const [, change] of changes) {
        const answer = expectStatus(await change(client, user, representation), 200, { title: 'New' })
        expectApplied(answer, 'return=representation')
        expectTagIsVersion(answer)
      }
    },
  ),
  should(
    'prefer-representation-large-group',
    'a PATCH of a large group returns the whole group if the representation is preferred',
    'RFC 7240 §4.2; RFC 7644 §3.5.2; FP-P18',
    async (client) => {
      const ids = Array.from({ length: 150 }, () => crypto.randomUUID())
      const { path } = await client.makeGroup([], groupBody({ members: ids.map((value) => ({ value })) }))
      const more = add('members', [{ value: crypto.randomUUID() }])
      const answer = expectStatus(await client.patch(path, more, representation), 200)
      expectSame(listAt(answer.json, 'members').length, ids.length + 1, 'the number of members')
      expectTagIsVersion(answer)
    },
  ),
]

const spellings: readonly (readonly [string, string | readonly string[], 'minimal' | 'ignored'])[] = [
  ['any-case', 'Return=Minimal', 'minimal'],
  ['quoted', 'return="minimal"', 'minimal'],
  ['spaces', 'return = minimal ; x="a, return=representation"', 'minimal'],
  ['among-others', 'respond-async, wait=10, return=minimal', 'minimal'],
  ['repeated-header', ['respond-async', 'return=minimal'], 'minimal'],
  ['both', 'return=minimal, return=representation', 'ignored'],
  ['unknown', 'handling=lenient; return=minimal', 'ignored'],
  ['unknown-value', 'return=most', 'ignored'],
  ['no-value', 'return', 'ignored'],
  ['garbage', '=;,"', 'ignored'],
]

const read: readonly WireCase[] = spellings.map(([id, header, kind]) =>
  (kind === 'minimal' ? should : must)(
    `prefer-${id}`,
    kind === 'minimal' ? 'a preference as it may be written' : 'a preference that says nothing is ignored',
    'RFC 7240 §2, §4.2',
    async (client) => {
      const { path } = await client.makeUser()
      const answer = await client.patch(path, add('title', 'New'), { Prefer: header })
      expectStatus(answer, kind === 'minimal' ? 204 : [200, 204])
      expectApplied(answer, kind === 'minimal' ? 'return=minimal' : undefined)
      expectThat(answer.tag !== '', `${answer.about}: expected an ETag`)
    },
  ),
)

/** Preferences. */
export const prefer: readonly WireCase[] = [...least, ...most, ...read]
