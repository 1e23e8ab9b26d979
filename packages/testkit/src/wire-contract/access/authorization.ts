/**
 * A host that decides about each operation. A refused operation is 403 on every path, and nothing is read or written for it.
 * @see RFC 7644 §3.12 (table 8, 403)
 */
import type { Answer } from '../answer.js'
import { bulk, expectResultError, expectStatuses, newUser, removal, titling } from '../bulk-operations.js'
import { type Client, otherTag, searchUrn, uniqueName, userBody } from '../client.js'
import { expectError, expectSame, expectStatus, expectThat, listAt, namesOn } from '../expect.js'
import { must, on, should, type WireCase } from '../wire-case.js'
import { type RefusedRequest, type RefusedSubject, refusedRequests } from './refused-requests.js'

const citation = 'RFC 7644 §3.12 (table 8, 403)'

/** A user, and an unused name. */
export async function refusedSubject(client: Client): Promise<RefusedSubject> {
  return { user: await client.makeUser({ title: 'Before' }), name: uniqueName('refused') }
}

/** The response is the refusal of this request, with the detail of the host. */
export function expectRefusal(answer: Answer, { refuses, in: where }: RefusedRequest): void {
  const detail = `The host refuses ${refuses}.`
  switch (where) {
    case 'head':
      expectStatus(answer, 403)
      return
    case 'answer':
      expectSame(expectError(answer, 403).json.detail, detail, `${answer.about}: detail`)
      expectThat(answer.tag === '', `${answer.about}: expected no ETag, saw ${answer.tag}`)
      return
    case 'results': {
      const results = listAt(expectStatus(answer, 200).json, 'Operations')
      expectThat(results.length > 0, `${answer.about}: expected results`)
      for (const [place, { status, response, version }] of results.entries()) {
        const error = response as Answer['json'] | undefined
        expectSame(
          [status, error?.status, error?.detail, version],
          ['403', '403', detail, undefined],
          `result ${place}`,
        )
      }
    }
  }
}

async function expectUnchanged(client: Client, { user, name }: RefusedSubject): Promise<void> {
  const now = expectStatus(await client.get(user.path), 200)
  expectSame([now.json, now.tag], [user.json, user.tag], 'the resource and its ETag')
  expectStatus(await client.find('/Users', `userName eq "${name}"`), 200, { totalResults: 0 })
  expectStatus(await client.find('/Groups', `displayName eq "${name}"`), 200, { totalResults: 0 })
}

const everyPath: readonly WireCase[] = refusedRequests.map((request) =>
  must(
    `authorize-${request.id}`,
    `${request.title}: refused is 403 with the detail of the host, and nothing is changed`,
    citation,
    async (client) => {
      const subject = await refusedSubject(client)
      expectRefusal(await request.send(client, subject, { 'X-Refuse': request.refuses }), request)
      await expectUnchanged(client, subject)
    },
  ),
)

const noHint: readonly WireCase[] = [
  must(
    'authorize-refusal-reveals-nothing',
    'a refusal is the same whether the resource exists or not, and whatever other errors the request has',
    `${citation}; RFC 7644 §7.5`,
    async (client) => {
      const { path } = await client.makeUser()
      for (const [kind, ask] of [
        ['get', (where: string, headers: Refusing) => client.get(where, headers)],
        [
          'get',
          (where: string, headers: Refusing) => client.get(`${where}?attributes=a&excludedAttributes=b`, headers),
        ],
        ['replace', (where: string, headers: Refusing) => client.put(where, '{', headers)],
        ['patch', (where: string, headers: Refusing) => client.patch(where, { op: 'move' }, headers)],
        ['patch', (where: string, headers: Refusing) => client.patch(where, [], { ...headers, 'If-Match': otherTag })],
        ['remove', (where: string, headers: Refusing) => client.remove(where, { ...headers, 'If-Match': otherTag })],
      ] as const) {
        const headers = { 'X-Refuse': `${kind}.User` }
        const [there, nowhere] = [await ask(path, headers), await ask('/Users/no-such-user', headers)]
        expectSame(there.body, nowhere.body, `${there.about}: the body beside that of an unknown id`)
        expectError(there, 403)
      }
    },
  ),
  should(
    'authorize-nothing-refused',
    'an operation that the host does not refuse is carried out',
    'RFC 7644 §3.2',
    async (client) => {
      for (const request of refusedRequests) {
        const subject = await refusedSubject(client)
        const { status, about, json } = await request.send(client, subject, { 'X-Refuse': 'nothing' })
        expectThat(status < 400, `${about}: expected success, got ${status}`)
        for (const result of listAt(json, 'Operations')) {
          expectThat(Number(result.status) < 300, `${request.id}: expected success, got ${String(result.status)}`)
        }
      }
    },
  ),
]

type Refusing = { readonly 'X-Refuse': string }

const parts: readonly WireCase[] = [
  must(
    'authorize-bulk-others-carried-out',
    'a refused operation of a bulk request fails alone; permission for the request does not include its operations',
    'RFC 7644 §3.7 (MUST continue), §3.7.3',
    async (client) => {
      const { user, name } = await refusedSubject(client)
      const operations = [removal(user.path), newUser('a', { userName: name }), titling(user.path, 'After')]
      const answer = await bulk(client, operations, {}, { 'X-Refuse': 'remove' })
      expectStatuses(answer, ['403', '201', '200'])
      expectResultError(answer, 0, '403')
      expectStatus(await client.get(user.path), 200, { title: 'After' })
    },
  ),
  must(
    'authorize-bulk-fail-on-errors',
    'a refused operation counts for failOnErrors',
    'RFC 7644 §3.7 (failOnErrors)',
    async (client) => {
      const { user, name } = await refusedSubject(client)
      const operations = [removal(user.path), newUser('a', { userName: name })]
      expectStatuses(await bulk(client, operations, { failOnErrors: 1 }, { 'X-Refuse': 'remove' }), ['403'])
      expectStatus(await client.find('/Users', `userName eq "${name}"`), 200, { totalResults: 0 })
    },
  ),
  must(
    'authorize-bulk-circle-of-types',
    'POSTs that refer to each other are created together or not at all; a refused one does not affect other POSTs',
    'RFC 7644 §3.7.1',
    async (client) => {
      const [name, two] = [uniqueName('group'), uniqueName('group')]
      const operations = [
        { method: 'POST', path: '/Groups', bulkId: 'g', data: circleGroup(two, 'h') },
        { method: 'POST', path: '/Groups', bulkId: 'h', data: circleGroup(name, 'g') },
      ]
      const refused = await bulk(client, operations, {}, { 'X-Refuse': 'create.Group' })
      expectStatuses(refused, ['403', '403'])
      for (const displayName of [name, two]) {
        expectStatus(await client.find('/Groups', `displayName eq "${displayName}"`), 200, { totalResults: 0 })
      }
      // The references of a cycle are part of its POSTs: a subject without permission to PATCH may still create them.
      const made = await bulk(client, operations, {}, { 'X-Refuse': 'patch' })
      expectStatuses(made, ['201', '201'])
      for (const place of [0, 1]) {
        const { json } = expectStatus(await client.get(made.pathOf(place)), 200)
        expectSame(
          listAt(json, 'members').map(({ value }) => value),
          [made.idOf(1 - place)],
          'members',
        )
      }
    },
  ),
  must(
    'authorize-root-leaves-out',
    'a search at the root omits refused types, also from its total',
    'RFC 7644 §3.4.2.1',
    async (client) => {
      const title = uniqueName('root')
      const user = await client.makeUser({ displayName: title })
      const group = await client.makeGroup([user], { displayName: title })
      const filter = `displayName eq "${title}"`
      const query = `/?filter=${encodeURIComponent(filter)}`
      for (const [refused, expected] of [
        ['query.Group', [user.id]],
        ['query.User', [group.id]],
        ['nothing', [user.id, group.id]],
      ] as const) {
        const headers = { 'X-Refuse': refused }
        for (const answer of [
          await client.get(query, headers),
          await client.get(`${query}&sortBy=displayName`, headers),
          await client.get(`${query}&cursor`, headers),
          await client.post('/.search', { schemas: [searchUrn], filter }, headers),
        ]) {
          expectStatus(answer, 200)
          expectSame([...namesOn(answer, 'id')].sort(), [...expected].sort(), `${answer.about}: ids with ${refused}`)
          const { totalResults = expected.length } = answer.json
          expectSame(totalResults, expected.length, `${answer.about}: totalResults with ${refused}`)
        }
      }
      const onlyGroups = `${filter} and meta.resourceType eq "Group"`
      const none = await client.get(`/?filter=${encodeURIComponent(onlyGroups)}`, { 'X-Refuse': 'query.Group' })
      expectStatus(none, 200, { totalResults: 0 })
    },
  ),
  must('authorize-other-types', 'a refusal for one type does not refuse other types', citation, async (client) => {
    const headers = { 'X-Refuse': 'create.Group, remove.Group, query.Group, get.Group' }
    const { path, json } = await client.makeUser()
    expectStatus(await client.get(path, headers), 200)
    expectStatus(await client.get('/Users?count=0', headers), 200)
    expectStatus(await client.put(path, userBody({ userName: json.userName }), headers), 200)
    expectStatus(await client.remove(path, headers), 204)
  }),
]

function circleGroup(displayName: string, member: string): Answer['json'] {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName,
    members: [{ value: `bulkId:${member}` }],
  }
}

/** Authorization by the host. */
export const authorization: readonly WireCase[] = on('authorizes', [...everyPath, ...noHint, ...parts])
