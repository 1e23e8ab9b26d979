import { describe, expect, test } from '@jest/globals'
import { createClient, failureOf, type ScimClient } from '@scimkit/client'
import { answer, base, dropAfter, type Faulty, faulty, server } from '../support/server.js'

function stage(): Faulty & { readonly scim: ScimClient } {
  const faults = faulty(server())
  return { ...faults, scim: createClient(base, { fetch: faults.fetch }) }
}
const title = [{ op: 'replace', path: 'title', value: 'x' }] as const

test('creates resources that refer to each other in one request', async () => {
  const { scim, requests } = stage()
  const bulk = scim.bulk()
  const guides = bulk.groups.create({ displayName: 'Guides', members: [{ value: 'bulkId:op2' }] })
  const ada = bulk.users.create({ userName: 'ada' })
  const titled = bulk.users.patch(ada, title)
  const others = bulk.groups.create({ displayName: 'Others', members: [{ value: ada.reference }] })
  expect(requests).toEqual([])
  const report = await bulk.send()
  expect(report.failed).toBe(0)
  const [made, group, other] = [report.resultOf(ada), report.resultOf(guides), report.resultOf(others)]
  if (made.kind !== 'created' || group.kind !== 'created' || other.kind !== 'created') throw new Error('not made')
  expect(await scim.users.get(made.id)).toMatchObject({ userName: 'ada', title: 'x' })
  for (const { id } of [group, other])
    expect(await scim.groups.get(id)).toMatchObject({ members: [{ value: made.id }] })
  expect(report.resultOf(titled)).toMatchObject({ kind: 'changed', tag: (await scim.users.get(made.id)).meta?.version })
  expect(requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
})

test('checks the version of each write; a stale write does not affect the others', async () => {
  const { scim } = stage()
  const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((userName) => scim.users.create({ userName })))
  if (a === undefined || b === undefined || c === undefined) throw new Error('not made')
  await scim.users.patch(a, [{ op: 'add', path: 'nickName', value: 'meanwhile' }])
  const bulk = scim.bulk()
  const stale = bulk.users.patch(a, title)
  const gone = bulk.users.delete(b)
  const put = bulk.users.replace(c, { ...c, title: 'x' })
  const none = bulk.users.delete('unknown')
  const report = await bulk.send()
  expect(report.resultOf(stale)).toMatchObject({
    kind: 'failed',
    failure: {
      kind: 'versionMismatch',
      expected: a.meta?.version,
      current: (await scim.users.get(a.id)).meta?.version,
    },
  })
  expect(report.resultOf(gone)).toEqual({ kind: 'deleted' })
  expect(report.resultOf(put)).toMatchObject({ kind: 'changed' })
  expect(report.resultOf(none)).toMatchObject({ kind: 'failed', failure: { kind: 'notFound' } })
  expect([report.failed, report.results.map(({ kind }) => kind)]).toEqual([
    2,
    ['failed', 'deleted', 'changed', 'failed'],
  ])
  // The client caches the new tags of a bulk request, so the next write sends one.
  await scim.users.patch(c.id, [{ op: 'replace', path: 'title', value: 'y' }])
})

test('after failOnErrors errors the other operations are not attempted', async () => {
  const { scim } = stage()
  const bulk = scim.bulk({ failOnErrors: 1 })
  const ada = bulk.users.create({ userName: 'ada' })
  const again = bulk.users.create({ userName: 'ADA' })
  const never = bulk.users.create({ userName: 'grace' })
  const report = await bulk.send()
  expect([report.resultOf(ada).kind, report.resultOf(again).kind, report.resultOf(never).kind]).toEqual([
    'created',
    'failed',
    'notAttempted',
  ])
})

describe('limits', () => {
  test.each([
    ['maxOperations', { maxOperations: 2 }, { allowed: 2, requested: 3 }],
    ['maxPayloadSize', { maxPayloadSize: 100 }, { allowed: 100 }],
    ['supported', { supported: false }, { allowed: 0, requested: 3 }],
  ])('%s: nothing is sent, and the failure names the limit', async (limit, config, failure) => {
    const inner = server()
    const { fetch, requests, faults } = faulty(inner, () => true)
    faults.push(answer(200, {}, { bulk: config }))
    const bulk = createClient(base, { fetch }).bulk()
    for (const userName of ['a', 'b', 'c']) bulk.users.create({ userName })
    const error = await bulk.send().catch((caught: unknown) => caught)
    expect(failureOf(error)).toMatchObject({ kind: 'bulkLimit', limit, ...failure })
    expect(requests.map(({ method }) => method)).toEqual(['GET'])
  })
})

test('a bulk request is sent once', async () => {
  const { scim, faults } = stage()
  const bulk = scim.bulk()
  bulk.users.create({ userName: 'a' })
  faults.push(dropAfter)
  const error = await bulk.send().catch((caught: unknown) => caught)
  expect(failureOf(error)).toMatchObject({ kind: 'unknownOutcome' })
  await expect(bulk.send()).rejects.toThrow(TypeError)
  expect(() => bulk.users.delete('x')).toThrow(TypeError)
  const empty = await scim.bulk().send()
  expect(empty).toMatchObject({ results: [], failed: 0 })
  const other = scim.bulk().users.create({ userName: 'b' })
  expect(() => empty.resultOf(other)).toThrow(TypeError)
})

test('a server that returns bulkIds for POST only, and statuses as numbers', async () => {
  const Operations = [
    { method: 'PATCH', location: `${base}/Users/2`, status: 200, version: 'W/"2"' },
    { method: 'POST', bulkId: 'op1', location: `${base}/Users/9`, status: '201' },
    { method: 'PATCH', location: `${base}/Users/1`, status: { code: '500' } },
  ]
  const fetch = async () => new Response(JSON.stringify({ Operations }))
  const bulk = createClient(base, { fetch }).bulk()
  const made = bulk.users.create({ userName: 'a' })
  const [one, two] = [bulk.users.patch('1', title), bulk.users.patch('2', title)]
  const gone = bulk.users.delete('1')
  const report = await bulk.send()
  expect(report.resultOf(made)).toMatchObject({ kind: 'created', id: '9' })
  expect(report.resultOf(one)).toMatchObject({
    kind: 'failed',
    failure: { kind: 'unknownOutcome', response: { status: 500 } },
  })
  expect(report.resultOf(two)).toEqual({ kind: 'changed', tag: 'W/"2"' })
  // Without failOnErrors the server may not stop, so the operation may have been applied.
  expect(report.resultOf(gone)).toMatchObject({ kind: 'failed', failure: { kind: 'unknownOutcome' } })
  expect(report.failed).toBe(2)
})

test('a server that returns the locations of created resources instead of bulkIds', async () => {
  const Operations = [
    { method: 'POST', bulkId: 'op1', location: `${base}/Users/77%`, status: '201' },
    { method: 'PATCH', location: `${base}/Users/77%`, status: '200', version: 'W/"2"' },
    { method: 'DELETE', location: `${base}/Users/a@b`, status: '204' },
    { method: 'DELETE', location: `${base}/Users/c` },
  ]
  const fetch = async () => new Response(JSON.stringify({ Operations }))
  const bulk = createClient(base, { fetch }).bulk({ failOnErrors: 1 })
  const made = bulk.users.create({ userName: 'a' })
  const ends = [made, bulk.users.patch(made, title), bulk.users.delete('a@b'), bulk.users.delete('c')]
  const never = bulk.users.delete('d')
  const report = await bulk.send()
  expect(ends.map((handle) => report.resultOf(handle))).toMatchObject([
    { kind: 'created', id: '77%' },
    { kind: 'changed', tag: 'W/"2"' },
    { kind: 'deleted' },
    // The result has no status.
    { kind: 'failed', failure: { kind: 'unknownOutcome' } },
  ])
  expect(report.resultOf(never)).toEqual({ kind: 'notAttempted' })
})
