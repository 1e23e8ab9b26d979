import { describe, expect, test } from '@jest/globals'
import { createScim, noAuthentication } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { bind, type Exchange, viaHandler, wireContract } from '@scimkit/testkit'
import { bindRefusedUnread } from '../support/refused-unread.js'
import { wireTarget } from '../support/wire-servers.js'

const target = wireTarget((options) => viaHandler(createScim(options).handle))
const contract = wireContract(target)

describe('in process', () => {
  bind({ test }, contract)

  test('the cases remove all resources that they created', async () => {
    for (const path of ['/Users?count=0', '/Groups?count=0']) {
      for (const exchange of [target.exchange, target.strict, target.entra, target.withSecrets, target.otherTenant]) {
        const { body } = (await exchange?.({ method: 'GET', path })) ?? { body: '{}' }
        expect([path, JSON.parse(body).totalResults]).toEqual([path, 0])
      }
    }
  })
})

test('each case has a unique id, a title and a citation', () => {
  const ids = contract.map(({ id }) => id)
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([])
  for (const { title, citation } of contract) expect([title, citation].every((text) => text.length > 3)).toBe(true)
})

describe('in process, operations that the host refuses', () => {
  bindRefusedUnread(memoryProvider(), (options) => viaHandler(createScim(options).handle))
})

describe('a server with one exchange only', () => {
  const alone = wireContract({
    exchange: viaHandler(createScim({ provider: memoryProvider(), authenticate: noAuthentication() }).handle),
  })

  test('gets the cases that need no other configuration', () => {
    expect(alone.every(({ needs = [] }) => needs.length === 0)).toBe(true)
    expect(alone.length).toBeGreaterThan(500)
    expect(contract.filter(({ needs = [] }) => needs.length > 0).length).toBe(contract.length - alone.length)
  })

  test('passes the contract', async () => {
    for (const { run } of alone) await run()
  })
})

describe('a server that is not a SCIM server', () => {
  const answering = (status: number, body: string): Exchange => {
    const headers = { etag: 'W/"1"', 'content-type': 'application/scim+json', location: 'http://x.example/Users/1' }
    return async () => ({ status, headers, body })
  }
  const page: Exchange = async () => ({ status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>No</h1>' })
  const yesMan = answering(201, '{"id":"1","schemas":["urn:ietf:params:scim:schemas:core:2.0:User"]}')

  test.each([
    ['a page for everything', page],
    ['201 for everything', yesMan],
    ['200 for everything', answering(200, '{"totalResults":0,"Resources":[]}')],
    ['204 for everything', answering(204, '')],
    [
      '400 for everything',
      answering(400, '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400"}'),
    ],
  ])('fails almost all cases: %s', async (_, exchange) => {
    const kept: string[] = []
    for (const { id, run } of wireContract({ exchange })) {
      await run().then(
        () => kept.push(id),
        () => undefined,
      )
    }
    // A server that refuses everything passes the cases in which everything must be refused.
    expect(kept.length).toBeLessThan(30)
  })
})
