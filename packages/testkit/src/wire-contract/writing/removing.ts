/** DELETE. @see RFC 7644 §3.6 */
import { userBody } from '../client.js'
import { expectAbsent, expectError, expectOther, expectSame, expectStatus, listAt } from '../expect.js'
import { add, replace } from '../patch-operations.js'
import { must, should, type WireCase } from '../wire-case.js'

/** Removing resources. */
export const removing: readonly WireCase[] = [
  must('delete-204', 'a DELETE returns 204 without a body', 'RFC 7644 §3.6', async (client) => {
    for (const { path } of [await client.makeUser(), await client.makeGroup()]) {
      const answer = expectStatus(await client.remove(path), 204)
      expectSame([answer.body, answer.headers['content-type']], ['', undefined], 'body and Content-Type of a 204')
    }
  }),
  must('delete-then-404', 'every request for a deleted resource is 404', 'RFC 7644 §3.6', async (client) => {
    const { path, name } = await client.makeUser()
    expectStatus(await client.remove(path), 204)
    expectError(await client.get(path), 404)
    expectError(await client.remove(path), 404)
    expectError(await client.put(path, userBody({ userName: name })), 404)
    expectError(await client.patch(path, add('title', 'x')), 404)
  }),
  must('delete-omitted-from-queries', 'no query returns a deleted resource', 'RFC 7644 §3.6', async (client) => {
    const { path, name, id } = await client.makeUser()
    expectStatus(await client.remove(path), 204)
    for (const filter of [`userName eq "${name}"`, `id eq "${id}"`]) {
      expectStatus(await client.find('/Users', filter), 200, { totalResults: 0, Resources: [] })
    }
  }),
  must('delete-unknown-404', 'a DELETE of an unknown id is 404', 'RFC 7644 §3.6, §3.12', async (client) => {
    expectError(await client.remove('/Users/no-such-user'), 404)
    expectError(await client.remove('/Groups/no-such-group'), 404)
  }),
  should(
    'delete-leaves-groups',
    'a deleted user is removed from its groups, whose tags change',
    'RFC 7643 §4.2; RFC 7644 §3.6; FP-D13',
    async (client) => {
      const [ann, bob] = [await client.makeUser(), await client.makeUser()]
      const group = await client.makeGroup([ann, bob])
      expectStatus(await client.remove(ann.path), 204)
      const read = await client.get(group.path)
      expectSame(
        listAt(read.json, 'members').map(({ value }) => value),
        [bob.id],
        'members',
      )
      expectOther(read.tag, group.tag, 'the ETag of the group')
      expectError(await client.remove(group.path, { 'If-Match': group.tag }), 412)
    },
  ),
  should(
    'delete-group-leaves-users',
    'a deleted group is in no User.groups, and the tags of the users do not change',
    'RFC 7643 §4.1.2; FP-V19',
    async (client) => {
      const user = await client.makeUser()
      const group = await client.makeGroup([user])
      expectStatus(await client.remove(group.path), 204)
      const read = await client.get(user.path)
      expectAbsent(read, 'groups')
      expectSame(read.tag, user.tag, 'the ETag of the user')
    },
  ),
  should('delete-ignores-content-type', 'Content-Type of a DELETE is ignored', 'RFC 9110 §8.3', async (client) => {
    expectStatus(await client.remove((await client.makeUser()).path, { 'Content-Type': 'text/plain' }), 204)
  }),
  should(
    'delete-disabled-is-not-deleted',
    'an inactive user still exists',
    'RFC 7643 §4.1.1 (active); IDP-S9',
    async (client) => {
      const { path, name } = await client.makeUser()
      await client.change(path, [replace('active', false)])
      expectStatus(await client.get(path), 200, { active: false })
      expectStatus(await client.find('/Users', `userName eq "${name}"`), 200, { totalResults: 1 })
    },
  ),
]
