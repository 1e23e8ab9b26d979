/** References between the operations of a bulk request. @see RFC 7644 §3.7.1, §3.7.2 */
import {
  bulk,
  expectResultError,
  expectStatuses,
  membersOf,
  newGroup,
  newUser,
  patching,
  removal,
  titling,
} from '../bulk-operations.js'
import { type Client, enterpriseUrn, userUrn } from '../client.js'
import { expectAbsent, expectSame, expectStatus, expectThat, objectAt } from '../expect.js'
import { add, remove } from '../patch-operations.js'
import { must, on, should, type WireCase } from '../wire-case.js'

async function managerOf(client: Client, path: string): Promise<unknown> {
  const { json } = expectStatus(await client.get(path), 200)
  return objectAt(objectAt(json, enterpriseUrn), 'manager').value
}

const managedBy = (bulkId: string, manager: string) =>
  newUser(bulkId, { schemas: [userUrn, enterpriseUrn], [enterpriseUrn]: { manager: { value: manager } } })

const resolved: readonly WireCase[] = [
  must(
    'bulk-reference',
    'a group may have a member that the same request creates, before or after it',
    'RFC 7644 §3.7.2',
    async (client) => {
      const answer = await bulk(client, [
        newUser('a'),
        newGroup('first', ['bulkId:a', 'bulkId:b']),
        newUser('b'),
        newGroup('second', ['bulkId:first']),
      ])
      expectStatuses(answer, ['201', '201', '201', '201'])
      const members = await membersOf(client, answer.pathOf(1))
      expectSame(members, [answer.idOf(0), answer.idOf(2)].sort(), 'members')
      expectSame(await membersOf(client, answer.pathOf(3)), [answer.idOf(1)], 'members')
    },
  ),
  must(
    'bulk-reference-extension',
    'an extension may refer too: the manager of a user',
    'RFC 7644 §3.7.2 (extensions MUST be handled in the same way)',
    async (client) => {
      const answer = await bulk(client, [managedBy('u', 'bulkId:boss'), newUser('boss')])
      expectStatuses(answer, ['201', '201'])
      expectSame(await managerOf(client, answer.pathOf(0)), answer.idOf(1), 'manager.value')
    },
  ),
  must(
    'bulk-reference-elsewhere',
    'in paths, in the values and filters of a PATCH, in the data of a PUT',
    'RFC 7644 §3.7.2',
    async (client) => {
      const [kept, gone] = [await client.makeUser(), await client.makeUser()]
      const group = await client.makeGroup([gone])
      const { schemas, displayName } = group.json
      const answer = await bulk(client, [
        titling('/Users/bulkId:u', 'New'),
        newUser('u'),
        patching(group.path, [
          add('members', [{ value: 'bulkId:u' }, { value: 'bulkId:v' }, { value: kept.id }]),
          remove('members[value eq "bulkId:v"]'),
          remove(`members[value eq "${gone.id}"]`),
        ]),
        newUser('v'),
        newGroup('g'),
        {
          method: 'PUT',
          path: '/Groups/bulkId:g',
          data: { schemas, displayName: `${displayName}-2`, members: [{ value: 'bulkId:v' }] },
        },
        removal('/Users/bulkId:x'),
        newUser('x'),
      ])
      expectStatuses(answer, ['200', '201', '200', '201', '201', '200', '204', '201'])
      expectStatus(await client.get(answer.pathOf(1)), 200, { title: 'New' })
      expectSame(await membersOf(client, group.path), [answer.idOf(1), kept.id].sort(), 'members')
      expectSame(await membersOf(client, answer.pathOf(4)), [answer.idOf(3)], 'members')
      expectStatus(await client.get(answer.pathOf(7)), 404)
    },
  ),
  ...on('rejectsUnknownMembers', [
    should(
      'bulk-reference-known',
      'if unknown members are refused, resources that the request creates are accepted as members',
      'RFC 7644 §3.7.2; ADR 23; IDP-35',
      async (client) => {
        const answer = await bulk(client, [
          newGroup('g', ['bulkId:u', 'bulkId:h']),
          newUser('u'),
          newGroup('h', ['bulkId:g']),
        ])
        expectStatuses(answer, ['201', '201', '201'])
        expectSame(await membersOf(client, answer.pathOf(0)), [answer.idOf(1), answer.idOf(2)].sort(), 'members')
      },
    ),
  ]),
]

const circles: readonly WireCase[] = [
  must(
    'bulk-circle-groups',
    'groups may be members of each other; version and ETag are the same afterwards',
    'RFC 7644 §3.7.1; FP-B2',
    async (client) => {
      const answer = await bulk(client, [
        newGroup('a', ['bulkId:b']),
        newGroup('b', ['bulkId:c', 'bulkId:u']),
        newGroup('c', ['bulkId:a', 'bulkId:c']),
        newUser('u'),
      ])
      expectStatuses(answer, ['201', '201', '201', '201'])
      const [a, b, c, u] = [0, 1, 2, 3].map(answer.idOf)
      expectSame(await membersOf(client, answer.pathOf(0)), [b], 'members of a')
      expectSame(await membersOf(client, answer.pathOf(1)), [c, u].sort(), 'members of b')
      expectSame(await membersOf(client, answer.pathOf(2)), [a, c].sort(), 'members of c')
      for (const [place, { version }] of answer.results.entries()) {
        expectSame((await client.get(answer.pathOf(place))).tag, version, 'ETag')
      }
    },
  ),
  must('bulk-circle-managers', 'users may manage each other, and themselves', 'RFC 7644 §3.7.1', async (client) => {
    const answer = await bulk(client, [
      managedBy('a', 'bulkId:b'),
      managedBy('b', 'bulkId:a'),
      managedBy('self', 'bulkId:self'),
    ])
    expectStatuses(answer, ['201', '201', '201'])
    for (const [place, manager] of [1, 0, 2].entries()) {
      expectSame(await managerOf(client, answer.pathOf(place)), answer.idOf(manager), 'manager.value')
    }
  }),
  should(
    'bulk-circle-bad',
    'a cycle with an invalid POST is not created at all: 400 for that POST, 409 for the others',
    'RFC 7644 §3.7.1; ADR 23; FP-B2',
    async (client) => {
      const answer = await bulk(client, [
        newGroup('a', ['bulkId:b']),
        newGroup('b', ['bulkId:a'], { displayName: null }),
        newUser('u'),
      ])
      expectResultError(answer, 0, '409')
      expectResultError(answer, 1, '400', 'invalidValue')
      expectSame([answer.results[0]?.location, answer.statuses[2]], [undefined, '201'], 'location and status')
    },
  ),
]

const unresolved: readonly WireCase[] = [
  must(
    'bulk-reference-unknown',
    'a reference to an unknown bulkId is an error of that operation, which is not carried out',
    'RFC 7644 §3.7.2; ADR 23; FP-B4',
    async (client) => {
      const user = await client.makeUser()
      const answer = await bulk(client, [
        newGroup('g', ['bulkId:none']),
        titling('/Users/bulkId:none', 'x'),
        patching(user.path, [add('title', 'bulkId:none')]),
        newUser('fine'),
      ])
      for (const place of [0, 1, 2]) {
        const { detail } = expectResultError(answer, place, '400', 'invalidValue')
        expectThat(String(detail).includes('none'), `${answer.about}: expected the bulkId in ${String(detail)}`)
      }
      expectSame(answer.statuses[3], '201', 'status of the last')
      expectAbsent(expectStatus(await client.get(user.path), 200), 'title')
    },
  ),
  must(
    'bulk-reference-failed',
    'an operation that refers to a failed POST, directly or indirectly, is 409 and not carried out',
    'RFC 7644 §3.7.1 (409), §3.7.3; FP-B4',
    async (client) => {
      const user = await client.makeUser()
      const answer = await bulk(client, [
        newGroup('outer', ['bulkId:inner']),
        newGroup('inner', ['bulkId:taken']),
        newUser('taken', { userName: user.name }),
        titling('/Users/bulkId:taken', 'x'),
        newUser('fine'),
      ])
      expectStatuses(answer, ['409', '409', '409', '409', '201'])
      expectResultError(answer, 2, '409', 'uniqueness')
      expectAbsent(expectStatus(await client.get(user.path), 200), 'title')
    },
  ),
  must(
    'bulk-id-twice-400',
    'a duplicate bulkId is 400, and nothing is carried out',
    'RFC 7644 §3.7 (unique within a bulk request)',
    async (client) => {
      const [first, second] = [newUser('same'), newUser('same')]
      const Operations = [first, second]
      const schemas = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest']
      expectStatus(await client.post('/Bulk', { schemas, Operations }), 400, { scimType: 'invalidSyntax' })
      const name = objectAt(first, 'data').userName
      expectStatus(await client.find('/Users', `userName eq "${name}"`), 200, { totalResults: 0 })
    },
  ),
]

/** bulkId references. */
export const bulkReferences: readonly WireCase[] = [...resolved, ...circles, ...unresolved]
