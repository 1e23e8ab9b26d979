/**
 * What a store finds, in which order, on which page, is what the core's own `queryInMemory` finds, for filters, sorts and
 * values chosen to tell stores apart. `SCIMKIT_EFFORT=full` asks SQLite a million questions, and PostgreSQL a hundred
 * thousand.
 */
import { afterAll, describe, expect, jest, test } from '@jest/globals'
import type { ResourceProvider } from '@scimkit/core'
import { effort, seed } from '../../testkit/test/support/effort.js'
import { sqliteProvider } from '../src/sqlite.js'
import { describePostgres } from './support/postgres.js'
import { freshProviders } from './support/postgres-schemas.js'
import { compareWithMemory } from './support/query/compare.js'
import { indexes } from './support/query/types.js'

// On a busy machine; a million questions take longer.
const patience = { short: 600_000, full: 7_200_000 }[effort]
const questions = { short: { sqlite: 4_000, postgres: 1_000 }, full: { sqlite: 1_000_000, postgres: 100_000 } }[effort]

// A busy machine needs minutes for what takes half of one; `prove` has a limit of its own.
if (effort === 'short') jest.setTimeout(300_000)

async function findNoDifference(provider: ResourceProvider, count: number): Promise<void> {
  process.stdout.write(`differential: ${count} questions, SCIMKIT_SEED=${seed}\n`)
  const { asked, answered, differences } = await compareWithMemory(provider, {
    seed,
    questions: count,
    questionsPerSet: 250,
  })
  expect(differences.join('\n\n')).toBe('')
  expect(asked).toBe(count)
  // Questions that nothing answers to compare nothing. Half of them are answered, give or take what is drawn.
  expect(answered).toBeGreaterThan(count / 4)
}

describe('differences to the core', () => {
  const provider = sqliteProvider(':memory:', { indexes })
  afterAll(() => provider.close())
  test(
    `SQLite: none in ${questions.sqlite} questions (seed ${seed})`,
    () => findNoDifference(provider, questions.sqlite),
    patience,
  )

  describePostgres('PostgreSQL', (url) => {
    const fresh = freshProviders(url)({ indexes })
    test(
      `none in ${questions.postgres} questions (seed ${seed})`,
      () => findNoDifference(fresh, questions.postgres),
      patience,
    )
  })
})
