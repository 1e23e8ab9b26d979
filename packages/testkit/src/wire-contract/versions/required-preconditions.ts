/** A host that requires `If-Match` for every change of a user. @see RFC 6585 §3; ADR 7 */
import type { Answer } from '../answer.js'
import { type Client, type Headers, type Made, otherTag, userBody } from '../client.js'
import { expectError, expectSame, expectStatus, expectThat } from '../expect.js'
import { add } from '../patch-operations.js'
import { must, on, should, type WireCase } from '../wire-case.js'

const changes: readonly (readonly [string, (client: Client, user: Made, headers?: Headers) => Promise<Answer>])[] = [
  ['put', (client, { path, name }, headers) => client.put(path, userBody({ userName: name, title: 'New' }), headers)],
  ['patch', (client, { path }, headers) => client.patch(path, add('title', 'New'), headers)],
  ['delete', (client, { path }, headers) => client.remove(path, headers)],
]

const perChange: readonly WireCase[] = changes.flatMap(([id, change]) => {
  const method = id.toUpperCase()
  return [
    should(
      `required-${id}-428`,
      `${method} without If-Match is 428, explains how to retry, and changes nothing`,
      'RFC 6585 §3',
      async (client) => {
        const user = await client.makeUser()
        const refused = expectError(await change(client, user), 428)
        expectThat(
          String(refused.json.detail).includes('If-Match'),
          `${refused.about}: expected If-Match in the detail`,
        )
        expectSame(refused.tag, user.tag, 'the ETag of the 428')
        const after = await client.get(user.path)
        expectSame([after.status, after.tag, after.json], [200, user.tag, user.json], 'the user afterwards')
      },
    ),
    should(
      `required-${id}-if-match`,
      `${method} with the current tag is carried out, with another one it is 412`,
      'RFC 6585 §3; RFC 9110 §13.1.1',
      async (client) => {
        const user = await client.makeUser()
        expectError(await change(client, user, { 'If-Match': otherTag }), 412)
        const { tag } = expectError(await change(client, user), 428)
        expectStatus(await change(client, user, { 'If-Match': tag }), [200, 204])
      },
    ),
    should(
      `required-${id}-any`,
      `${method} with If-Match: * is carried out: it is a precondition, although it does not detect conflicts`,
      'RFC 9110 §13.1.1; ADR 7; FP-V22',
      async (client) => {
        expectStatus(await change(client, await client.makeUser(), { 'If-Match': '*' }), [200, 204])
      },
    ),
    should(
      `required-${id}-none-match-428`,
      `${method} with If-None-Match alone is 428`,
      'RFC 6585 §3; ADR 7; FP-V22',
      async (client) => {
        expectError(await change(client, await client.makeUser(), { 'If-None-Match': otherTag }), 428)
      },
    ),
    must(`required-${id}-404`, `${method} of an unknown id is 404`, 'RFC 9110 §13.2.1', async (client) => {
      const user = await client.makeUser()
      expectError(await change(client, { ...user, path: '/Users/no-such-user' }), 404)
    }),
  ]
})

const others: readonly WireCase[] = [
  should(
    'required-other-types',
    'a type that is not in the policy is written without a precondition',
    'RFC 6585 §3; ADR 7; FP-V22',
    async (client) => {
      const group = await client.makeGroup()
      await client.change(group.path, [add('externalId', 'x')])
      expectStatus(await client.remove(group.path), 204)
    },
  ),
  should('required-reads', 'reads and creates need no precondition', 'RFC 6585 §3', async (client) => {
    const user = await client.makeUser()
    expectStatus(await client.get(user.path), 200)
    expectStatus(await client.find('/Users', `userName eq "${user.name}"`), 200)
  }),
  should(
    'required-before-body',
    'the precondition is checked before the body',
    'RFC 6585 §3; ADR 7; FP-V22',
    async (client) => {
      const user = await client.makeUser()
      expectError(await client.put(user.path, '{'), 428)
    },
  ),
]

/** Writes that require a precondition. */
export const requiredPreconditions: readonly WireCase[] = on('requiresIfMatch', [...perChange, ...others])
