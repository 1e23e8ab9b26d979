/** Tests of the contract itself: a correct store passes all cases, and each broken one fails the cases that it names. */
import { describe, expect, it } from '@jest/globals'
import { checkedRecords } from '@scimkit/core/provider'
import { bind, recordStoreContract } from '@scimkit/testkit'
import { brokenStores, storeOf } from './broken-stores.js'

describe('a correct store', () => {
  const records = new Map()
  const open = () => checkedRecords(storeOf({}, records))
  bind({ it }, recordStoreContract(open, { other: open }))
})

describe('two stores that are not one', () => {
  it('fails the case record-two-stores', async () => {
    const open = () => checkedRecords(storeOf())
    expect(await endOf(open, 'record-two-stores', open)).toBe('ContractViolation')
  })
})

describe('a broken store', () => {
  it.each(brokenStores)('that $name is caught', async ({ make, caughtBy }) => {
    const ends: Record<string, string> = {}
    for (const id of caughtBy) ends[id] = await endOf(make, id)
    expect(ends).toEqual(Object.fromEntries(caughtBy.map((id) => [id, 'ContractViolation'])))
  })
})

async function endOf(
  make: Parameters<typeof recordStoreContract>[0],
  id: string,
  other = undefined as typeof make | undefined,
) {
  const found = recordStoreContract(make, { rounds: 1, ...(other !== undefined && { other }) }).find(
    (one) => one.id === id,
  )
  if (found === undefined) return 'no such case'
  return found.run().then(
    () => 'kept',
    (error: Error) => error.name,
  )
}
