/** A bulk request on PostgreSQL reads its resources with few statements. */
import { expect, test } from '@jest/globals'
import { createScim, noAuthentication, tenantId } from '@scimkit/core'
import { documentOnly, type ResourceProvider } from '@scimkit/core/provider'
import { testContext, viaHandler } from '@scimkit/testkit'
import { postgresDriver } from '../../src/driver/postgres/driver.js'
import { sqlProvider } from '../../src/provider.js'
import { bulkOf, makeUsers, resultsOf, titled } from '../support/calls/counted-server.js'
import { describePostgres } from '../support/postgres.js'

describePostgres('a bulk on PostgreSQL', (url) => {
  test('of 200 PATCHes makes two reads', async () => {
    const driver = postgresDriver(url)
    let reads = 0
    const provider: ResourceProvider & { close(): Promise<void> } = sqlProvider({
      ...driver,
      read: (statements) => {
        reads += 1
        return driver.read(statements)
      },
    })
    const tenant = 'bulk'
    const exchange = viaHandler(createScim({ provider, authenticate: noAuthentication({ tenant }) }).handle)
    const ask = async (method: string, path: string, body?: object) => {
      const headers = { 'Content-Type': 'application/scim+json' }
      const { status, body: text } = await exchange({ method, path, headers, body: JSON.stringify(body) })
      return { status, json: JSON.parse(text), calls: 0 }
    }
    const ids = await makeUsers(ask, 200)
    reads = 0
    const operations = ids.map((id, i) => ({ method: 'PATCH', path: `/Users/${id}`, data: titled(`title-${i}`) }))
    const answer = await ask('POST', '/Bulk', bulkOf(operations))
    expect(new Set(resultsOf(answer).map(({ status }) => status))).toEqual(new Set(['200']))
    expect(reads).toBe(2)
    const last = await provider.read({ type: 'User', id: ids[199] ?? '' }, documentOnly, testContext(tenantId(tenant)))
    expect(last).toMatchObject({ json: expect.stringContaining('title-199') })
    await provider.close()
  })
})
