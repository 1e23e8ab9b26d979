/** Values that PostgreSQL never accepts are 400, because the client must change them; 503 would cause endless retries. */
import { randomBytes } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { createScim, type JsonObject, type ScimContext, tenantId } from '@scimkit/core'
import { postgresProvider } from '../../src/postgres.js'
import { administer, describePostgres } from '../support/postgres.js'
import { postgresProviders } from '../support/postgres-providers.js'

const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User'
// The server compresses values; random text cannot be compressed.
const long = randomBytes(6_000).toString('hex')

describePostgres('values that PostgreSQL rejects', (url) => {
  test.each(postgresProviders(url))('%s', async (_, open) => {
    const provider = open()
    const scim = createScim({ provider })
    const context: ScimContext = scim.context({ tenant: tenantId('refused') })
    await provider.migrate()
    // An additional index in a separate database, so that there is a limit that does not depend on the provider's indexes.
    await administer(url, ['create index if not exists too_narrow on scim_resources (doc)'])
    const body: JsonObject = { schemas: [userSchema], userName: 'ada', title: long }
    const refused = expect.objectContaining({ status: 400, scimType: 'invalidValue', headers: {} })
    await expect(scim.perform({ kind: 'create', type: 'User', body }, context)).rejects.toEqual(refused)
    await expect(scim.perform({ kind: 'get', ref: { type: 'User', id: 'a\u0000b' } }, context)).rejects.toEqual(refused)
    const made = { schemas: [userSchema], userName: `short ${_}` }
    expect(await scim.perform({ kind: 'create', type: 'User', body: made }, context)).toMatchObject({ kind: 'created' })
    await provider.close()
  })

  test('a store that is not ready because of existing values is 503 for every request', async () => {
    const first = postgresProvider(url, { maxConnections: 1 })
    await first.migrate()
    await administer(url, [
      'drop index if exists too_narrow',
      `insert into scim_resources (tenant, type, id, version, generation, created, created_ms, modified, modified_ms, doc)
       values ('refused', 'User', 'long', '1-a', 1, '2026-01-01T00:00:00Z', 0, '2026-01-01T00:00:00Z', 0,
         '{"schemas":["${userSchema}"],"userName":"long","title":"${long}"}')`,
      'create index too_narrow on scim_keys (fold)',
    ])
    await first.close()
    const provider = postgresProvider(url, { maxConnections: 1, indexes: { User: ['title'] } })
    const scim = createScim({ provider })
    const context = scim.context({ tenant: tenantId('refused') })
    const reading = scim.perform({ kind: 'get', ref: { type: 'User', id: 'long' } }, context)
    await expect(reading).rejects.toEqual(expect.objectContaining({ status: 503 }))
    await provider.close()
  })
})
