/** Tests of the contract itself: the reference provider passes all cases, and each broken provider fails the cases it names. */
import { describe, expect, it } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import { bind, type ContractCase, type HostNotes, providerContract, testContext } from '@scimkit/testkit'
import { aliasing } from '../broken-providers/aliasing.js'
import type { BrokenProvider } from '../broken-providers/broken-provider.js'
import { wrongHistories } from '../broken-providers/history.js'
import { wrongKeysets } from '../broken-providers/keyset.js'
import { wrongLists } from '../broken-providers/listing.js'
import { wrongMembers } from '../broken-providers/members.js'
import { wrongMemberChecks } from '../broken-providers/must-exist.js'
import { wrongQuotas } from '../broken-providers/quotas.js'
import { wrongRaces } from '../broken-providers/races.js'
import { wrongTenants } from '../broken-providers/tenants.js'
import { wrongUniqueness } from '../broken-providers/unique.js'
import { wrongUnits } from '../broken-providers/unit.js'
import { wrongWrites } from '../broken-providers/writing.js'

const brokenProviders: readonly BrokenProvider[] = [
  ...wrongRaces,
  ...aliasing,
  ...wrongWrites,
  ...wrongUniqueness,
  ...wrongTenants,
  ...wrongLists,
  ...wrongKeysets,
  ...wrongMembers,
  ...wrongMemberChecks,
  ...wrongHistories,
  ...wrongUnits,
  ...wrongQuotas,
]

// Few rounds and a fixed seed: the detection of a broken provider must be deterministic.
const noted: string[] = []
const notes: HostNotes = {
  add: (note) => () => void noted.push(note),
  list: () => noted,
  rollsBack: false,
  waits: false,
}
const options = { rounds: 3, filters: 100, seed: 1, notes: () => notes }
const withHistory = { ...options, history: 3 }

/** The results of these cases, by the name of the error: a broken provider must violate the contract, not crash. */
async function endsOf(make: BrokenProvider['make'], ids: readonly string[]): Promise<readonly string[]> {
  const cases = new Map(providerContract(make, withHistory).map((contractCase) => [contractCase.id, contractCase]))
  const ends: string[] = []
  for (const id of ids) ends.push(`${id}: ${await endOf(cases.get(id))}`)
  return ends
}

async function endOf(contractCase: ContractCase | undefined): Promise<string> {
  if (contractCase === undefined) return 'no such case'
  return contractCase.run().then(
    () => 'kept',
    (error: Error) => error.name,
  )
}

function historyCasesOf(cases: readonly ContractCase[]): readonly ContractCase[] {
  return cases.filter(({ needs = [] }) => needs.includes('history'))
}

describe('the reference', () => {
  bind({ it }, providerContract(memoryProvider, options))
})

describe('the reference with a history', () => {
  for (const history of [2, 5]) {
    const make = () => memoryProvider({ history })
    bind({ it }, historyCasesOf(providerContract(make, { ...options, history })))
  }

  it('keeps all the rest of the contract, too', async () => {
    const provider = memoryProvider({ history: 3 })
    await Promise.all(providerContract(() => provider, { ...options, history: 3 }).map(({ run }) => run()))
  })
})

describe('one provider for all cases', () => {
  it('keeps the contract, too: cases do not meet', async () => {
    const provider = memoryProvider()
    await Promise.all(providerContract(() => provider, options).map(({ run }) => run()))
  })
})

describe('a broken provider that', () => {
  for (const { name, make, caughtBy } of brokenProviders) {
    it(`${name} is caught by ${caughtBy.join(', ')}`, async () => {
      const ends = await endsOf(make, caughtBy)
      expect(ends).toEqual(caughtBy.map((id) => `${id}: ContractViolation`))
    })
  }
})

describe('the contract', () => {
  const contract = providerContract(memoryProvider)

  it('has an id, a title and a citation for each case, and no id twice', () => {
    expect(new Set(contract.map(({ id }) => id)).size).toBe(contract.length)
    for (const { id, title, citation } of contract) {
      expect([id, title, citation].every((text) => text.length > 0)).toBe(true)
    }
  })

  it('leaves out what needs a capability that is lacking', () => {
    const without = providerContract(memoryProvider, { without: ['members', 'derived'] })
    expect(without.some(({ needs = [] }) => needs.includes('members'))).toBe(false)
    expect(without.length).toBeLessThan(contract.length)
  })

  it('names the seed of generated data that failed', async () => {
    const seeded = providerContract(
      () => ({ ...memoryProvider(), query: () => ({ resources: [], totalResults: 0 }) }),
      {
        seed: 4711,
      },
    )
    await expect(seeded.find(({ id }) => id === 'filter-evaluate')?.run()).rejects.toThrow('seed 4711')
  })

  it('makes contexts for tests', () => {
    expect(testContext()).toMatchObject({ tenant: 'test', interop: { stringBooleans: true } })
  })
})
