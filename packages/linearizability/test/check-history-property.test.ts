import { describe, expect, jest, test } from '@jest/globals'
import { checkHistory, type HistoryOperation } from '@scimkit/linearizability'
import { seededRandom } from '../../testkit/src/seeded-random.js'
import { effort, seed } from '../../testkit/test/support/effort.js'
import { breakages } from './support/breakages.js'
import { isExplained } from './support/brute-force.js'
import { registersIn } from './support/registers-in.js'
import { scramble } from './support/scramble.js'
import { type SimulateOptions, simulate } from './support/simulate.js'

const short = effort === 'short'
const rounds = short ? 3_000 : 100_000
const long: SimulateOptions = { clients: 16, operations: short ? 4_000 : 20_000, unknownOneIn: 0, deleteOneIn: 0 }

jest.setTimeout(short ? 300_000 : 3_600_000)
process.stdout.write(`linearizability: SCIMKIT_SEED=${seed}\n`)

const asLines = (operations: readonly HistoryOperation[]): string =>
  operations.map((operation) => JSON.stringify(operation)).join('\n')

describe('compared with brute force', () => {
  test(`no disagreement on ${rounds} short histories, mutated or not (seed ${seed})`, () => {
    const chance = seededRandom(seed)
    const counts = { lawful: 0, unlawful: 0, unanswered: 0 }
    for (let round = 0; round < rounds; round++) {
      const made = simulate(chance, {
        clients: 2 + chance.below(4),
        operations: 3 + chance.below(4),
        unknownOneIn: chance.below(5),
        deleteOneIn: chance.below(12),
        startsPresent: !chance.oneIn(4),
        texts: 1 + chance.below(8),
      })
      const operations = scramble(chance, made, chance.below(5))
      const expected = registersIn(operations).every((register) => isExplained(operations, register))
      const { violations, undecided } = checkHistory(operations)
      if (undecided.length > 0 || (violations.length === 0) !== expected) {
        const verdict = violations[0] ?? undecided[0] ?? 'lawful'
        throw new Error(
          `round ${round}, seed ${seed}: ${expected ? 'lawful' : 'unlawful'}\n${asLines(operations)}\n${verdict}`,
        )
      }
      counts[expected ? 'lawful' : 'unlawful'] += 1
      if (operations.some(({ answer }) => answer.kind === 'unknown')) counts.unanswered += 1
    }
    process.stdout.write(`linearizability: ${JSON.stringify(counts)}\n`)
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(rounds / 10)
  })
})

describe('a history that a register generated', () => {
  const lawful: readonly (SimulateOptions & { readonly what: string })[] = [
    { what: 'all requests with a response', ...long },
    { what: 'deletes', ...long, deleteOneIn: 60 },
    { what: 'some requests without a response', ...long, unknownOneIn: 200 },
    { what: 'deletes and requests without a response', ...long, unknownOneIn: 50, deleteOneIn: 40 },
    { what: '32 clients', ...long, clients: 32 },
  ]

  test.each(lawful)(`is accepted: $what ($operations operations, seed ${seed})`, ({ what: _, ...options }) => {
    const history = simulate(seededRandom(seed), options)
    expect(checkHistory(history)).toMatchObject({ violations: [], undecided: [] })
  })

  test.each(breakages)(`is flagged when mutated: $name (seed ${seed})`, ({ apply }) => {
    const chance = seededRandom(seed)
    let spoiledOnes = 0
    for (let round = 0; round < (short ? 5 : 50); round++) {
      const spoiled = apply(chance, simulate(chance, { ...long, operations: 1_500 }))
      if (spoiled === undefined) continue
      spoiledOnes += 1
      const { violations, undecided } = checkHistory(spoiled)
      expect({ found: violations.length > 0, undecided }).toEqual({ found: true, undecided: [] })
    }
    expect(spoiledOnes).toBeGreaterThan(0)
  })

  test(`of 50,000 operations on one resource is checked in seconds (seed ${seed})`, () => {
    const history = simulate(seededRandom(seed), { ...long, operations: 50_000 })
    const began = performance.now()
    const report = checkHistory(history)
    const seconds = (performance.now() - began) / 1000
    process.stdout.write(
      `linearizability: ${report.longest} operations of one resource in ${seconds.toFixed(1)} s, ${report.turns} search steps\n`,
    )
    expect(report).toMatchObject({ violations: [], undecided: [] })
    expect(report.longest).toBeGreaterThan(40_000)
    // The tag rules avoid almost all backtracking.
    expect(report.turns).toBeLessThan(2 * report.longest)
    expect(seconds).toBeLessThan(30)
  })
})
