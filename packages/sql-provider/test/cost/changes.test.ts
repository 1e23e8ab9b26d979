/**
 * The cost of a change does not grow with the data that it does not change: counted in statements and rows, which have no noise.
 * CPU is measured in bench/.
 */
import { afterAll, describe, expect, it } from '@jest/globals'
import { createScim, type JsonObject, tenantId } from '@scimkit/core'
import { openSqlite } from '../../src/driver/sqlite/connection.js'
import { sqliteProvider } from '../../src/sqlite.js'
import { countingConnection, type Work } from '../support/drivers/counting-connection.js'

const counting = countingConnection(openSqlite(':memory:'))
const provider = sqliteProvider(counting.connection)
const scim = createScim({ provider })
const context = scim.context({ tenant: tenantId('flat') })
const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const small = 10
const large = 100_000

afterAll(() => provider.close())

async function groupOf(count: number): Promise<string> {
  const members = Array.from({ length: count }, (_, i) => ({ value: `m${i}` }))
  const body = { schemas: [groupSchema], displayName: `group of ${count}`, members }
  const outcome = await scim.perform({ kind: 'create', type: 'Group', body }, context)
  if (outcome.kind !== 'created') throw new Error(outcome.kind)
  return outcome.value.ref.id
}

const patchGroup = (id: string, operation: JsonObject) => () =>
  scim.perform(
    { kind: 'patch', ref: { type: 'Group', id }, body: { schemas: [patchSchema], Operations: [operation] } },
    context,
  )

describe(`a group of ${large} members costs the same as a group of ${small}`, () => {
  it.each([
    ['adding one', (id: string) => patchGroup(id, { op: 'add', path: 'members', value: [{ value: 'one more' }] })],
    [
      'adding an existing member',
      (id: string) => patchGroup(id, { op: 'add', path: 'members', value: [{ value: 'm3' }] }),
    ],
    ['removing a member by filter', (id: string) => patchGroup(id, { op: 'remove', path: 'members[value eq "m5"]' })],
    [
      'removing a member by value',
      (id: string) => patchGroup(id, { op: 'remove', path: 'members', value: [{ value: 'm6' }] }),
    ],
    ['renaming', (id: string) => patchGroup(id, { op: 'replace', path: 'displayName', value: 'renamed' })],
    [
      'a GET without members',
      (id: string) => () =>
        scim.perform(
          { kind: 'get', ref: { type: 'Group', id }, projection: { excludedAttributes: ['members'] } },
          context,
        ),
    ],
  ] as const)('%s', async (_, make) => {
    const costs: Work[] = []
    for (const count of [small, large]) {
      const id = await groupOf(count)
      const run = make(id)
      counting.taken()
      const outcome = await run()
      if (outcome.kind === 'notFound') throw new Error('not found')
      costs.push(counting.taken())
    }
    const [few, many] = costs as [Work, Work]
    expect(many.statements).toBe(few.statements)
    // The answer to a PATCH of a small group contains its members, of a large one it does not.
    expect(many.rows).toBeLessThanOrEqual(few.rows)
    expect(many.rows).toBeLessThanOrEqual(12)
  })
})
