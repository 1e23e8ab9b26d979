/** The client requests the conflict of a 412, which servers send only on request. @see RFC 7240 §2; ADR 36 */
import { expect, test } from '@jest/globals'
import { createClient, failureOf } from '@scimkit/client'
import { noAuthentication } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { base, faulty, server } from '../support/server.js'

const remembering = () =>
  faulty(server({ provider: memoryProvider({ history: 20 }), authenticate: noAuthentication() }))
const titled = (value: string) => [{ op: 'replace', path: 'title', value }] as const

test('conditional writes and bulk requests request conflict details; reads and creates do not', async () => {
  const { fetch, requests } = remembering()
  const scim = createClient(base, { fetch })
  const user = await scim.users.create({ userName: 'ada' })
  await scim.users.patch(user, titled('a'))
  const seen = await scim.users.get(user.id)
  await scim.users.replace(seen, { ...seen, title: 'b' })
  const bulk = scim.bulk()
  bulk.users.create({ userName: 'bob' })
  await bulk.send()
  await scim.users.delete(user.id)
  const preferences = requests
    .filter(({ url }) => !url.endsWith('Config'))
    .map(({ method, headers }) => [method, headers.get('prefer')])
  expect(preferences).toEqual([
    ['POST', null],
    ['PATCH', 'conflict-details'],
    ['GET', null],
    ['PUT', 'conflict-details'],
    ['POST', 'conflict-details'],
    ['DELETE', 'conflict-details'],
  ])
})

test('a preference of the caller is sent too, and the server honours both', async () => {
  const { fetch, requests } = remembering()
  const scim = createClient(base, { fetch, headers: { Prefer: 'return=minimal' } })
  const user = await scim.users.create({ userName: 'ada' })
  expect(await scim.users.patch(user, titled('a'))).toBeUndefined()
  expect(requests.at(-1)?.headers.get('prefer')).toBe('return=minimal, conflict-details')
  const failure = await scim.users.patch(user, titled('b')).catch(failureOf)
  expect(failure).toMatchObject({ kind: 'versionMismatch', changed: ['title'] })
})

test('the failure has the attributes that changed: alone, in a bulk request and at /Me', async () => {
  const history = memoryProvider({ history: 20 })
  let me = ''
  const fetch = server({ provider: history, me: () => ({ type: 'User', id: me }) })
  const scim = createClient(base, { fetch })
  const user = await scim.users.create({ userName: 'ada' })
  me = user.id
  await scim.me.get()
  await createClient(base, { fetch }).users.patch(user, titled('theirs'))
  const expected = { kind: 'versionMismatch', expected: user.meta?.version, changed: ['title'] }
  expect(await scim.users.delete(user).catch(failureOf)).toMatchObject(expected)
  expect(await scim.me.patch(titled('mine')).catch(failureOf)).toMatchObject(expected)
  const bulk = scim.bulk()
  const stale = bulk.users.delete(user)
  expect((await bulk.send()).resultOf(stale)).toMatchObject({ kind: 'failed', failure: expected })
})
