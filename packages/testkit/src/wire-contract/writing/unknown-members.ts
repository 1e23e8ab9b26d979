/** Members with an unknown id. @see RFC 7643 §4.2; IDP-35 */
import type { Answer, Json } from '../answer.js'
import { type Client, groupBody } from '../client.js'
import { expectError, expectOther, expectSame, expectStatus, expectThat, listAt, objectAt } from '../expect.js'
import { add, replace } from '../patch-operations.js'
import { on, should, type WireCase } from '../wire-case.js'

const quirk = 'RFC 7643 §4.2; IDP-35'

// Ids that a server could have created, but did not.
function unknownId(): string {
  return crypto.randomUUID()
}

function membersOf({ json }: Answer): readonly unknown[] {
  return json.members === undefined ? [] : listAt(json, 'members').map(({ value }) => value)
}

function adding(...ids: readonly string[]): Json {
  return add(
    'members',
    ids.map((value) => ({ value })),
  )
}

function bodyWith(...ids: readonly string[]): ReturnType<typeof groupBody> {
  return groupBody({ members: ids.map((value) => ({ value })) })
}

// The groups of a user, from the attribute groups.
async function groupsOf(client: Client, path: string): Promise<readonly unknown[]> {
  const { json } = expectStatus(await client.get(path), 200)
  return json.groups === undefined ? [] : listAt(json, 'groups').map(({ value }) => value)
}

const kept: readonly WireCase[] = [
  should(
    'unknown-member-kept',
    'by default a member with an unknown id is kept and returned, in POST, PUT and PATCH',
    quirk,
    async (client) => {
      const [user, first, second] = [await client.makeUser(), unknownId(), unknownId()]
      const made = expectStatus(await client.post('/Groups', bodyWith(first)), 201)
      expectSame(membersOf(made), [first], 'members')
      const path = `/Groups/${made.json.id}`
      const patched = expectStatus(await client.patch(`${path}?attributes=members`, adding(user.id)), 200)
      expectSame(membersOf(patched), [first, user.id], 'members')
      expectSame(membersOf(expectStatus(await client.put(path, bodyWith(second)), 200)), [second], 'members')
      expectSame(membersOf(expectStatus(await client.get(path), 200)), [second], 'members')
    },
  ),
]

const skipped: readonly WireCase[] = [
  should(
    'unknown-member-skipped-post',
    'if unknown members are skipped, POST creates the group with the others',
    quirk,
    async (client) => {
      const user = await client.makeUser()
      const made = expectStatus(await client.post('/Groups', bodyWith(unknownId(), user.id, unknownId())), 201)
      expectSame(membersOf(made), [user.id], 'members')
      expectSame(await groupsOf(client, user.path), [made.json.id], 'groups')
      const empty = expectStatus(await client.post('/Groups', bodyWith(unknownId())), 201)
      expectSame(membersOf(empty), [], 'members')
    },
  ),
  should(
    'unknown-member-skipped-put',
    'if unknown members are skipped, PUT keeps the others, and none if there is no other',
    quirk,
    async (client) => {
      const [user, other] = [await client.makeUser(), await client.makeUser()]
      const group = await client.makeGroup([other])
      const answer = expectStatus(await client.put(group.path, bodyWith(unknownId(), user.id)), 200)
      expectSame(membersOf(answer), [user.id], 'members')
      expectSame(membersOf(expectStatus(await client.put(group.path, bodyWith(unknownId())), 200)), [], 'members')
    },
  ),
  should(
    'unknown-member-skipped-patch',
    'if unknown members are skipped, PATCH adds the others; without others it changes nothing: same tag',
    quirk,
    async (client) => {
      const [user, gone] = [await client.makeUser(), await client.makeUser()]
      expectStatus(await client.remove(gone.path), 204)
      const group = await client.makeGroup()
      const path = `${group.path}?attributes=members,meta`
      const added = expectStatus(await client.patch(path, [adding(unknownId(), user.id), adding(gone.id)]), 200)
      expectSame(membersOf(added), [user.id], 'members')
      expectOther(added.tag, group.tag, 'ETag')
      const again = expectStatus(await client.patch(path, adding(gone.id)), 200)
      expectSame(again.tag, added.tag, 'ETag')
      const { lastModified } = objectAt(added.json, 'meta')
      expectSame(objectAt(again.json, 'meta').lastModified, lastModified, 'meta.lastModified')
    },
  ),
]

const rejected: readonly WireCase[] = [
  should(
    'unknown-member-rejected',
    'if unknown members are refused, POST, PUT and PATCH are 400 invalidValue that names the attribute and no id',
    quirk,
    async (client) => {
      const [user, gone] = [await client.makeUser(), await client.makeUser()]
      expectStatus(await client.remove(gone.path), 204)
      const group = await client.makeGroup([user])
      const before = expectStatus(await client.get(group.path), 200)
      const body = bodyWith(user.id, gone.id)
      for (const answer of [
        await client.post('/Groups', body),
        await client.put(group.path, body),
        await client.patch(group.path, [replace('displayName', 'Other'), adding(gone.id)]),
      ]) {
        expectError(answer, 400, 'invalidValue')
        expectThat(String(answer.json.detail).includes('members'), `${answer.about}: detail does not name members`)
        expectThat(!answer.body.includes(gone.id), `${answer.about}: shows an id`)
      }
      const after = expectStatus(await client.get(group.path), 200)
      expectSame([after.tag, after.json], [before.tag, before.json], 'group')
      expectStatus(await client.find('/Groups', `displayName eq "${body.displayName}"`), 200, { totalResults: 0 })
      expectSame(await groupsOf(client, user.path), [group.id], 'groups')
    },
  ),
  should(
    'unknown-member-rejected-known',
    'if unknown members are refused, existing users and groups are accepted',
    quirk,
    async (client) => {
      const user = await client.makeUser()
      const inner = await client.makeGroup([user])
      const group = await client.makeGroup([inner])
      const answer = await client.patch(`${group.path}?attributes=members`, adding(user.id, group.id))
      expectSame(membersOf(expectStatus(answer, 200)), [inner.id, user.id, group.id], 'members')
    },
  ),
]

/** All three policies for unknown members. */
export const unknownMembers: readonly WireCase[] = [
  ...kept,
  ...on('skipsUnknownMembers', skipped),
  ...on('rejectsUnknownMembers', rejected),
]
