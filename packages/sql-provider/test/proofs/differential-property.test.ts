/**
 * A store finds the same resources, in the same order and on the same pages, as the core's `queryInMemory`, for filters, sorts and
 * values that are likely to reveal differences. `SCIMKIT_EFFORT=full` sends a million queries to SQLite, and a hundred thousand
 * to PostgreSQL.
 */
import { afterAll, describe, expect, jest, test } from '@jest/globals'
import type { ResourceProvider } from '@scimkit/core/provider'
import { effort, seed } from '../../../testkit/test/support/effort.js'
import { sqliteProvider } from '../../src/sqlite.js'
import { describePostgres } from '../support/postgres.js'
import { freshProviders } from '../support/postgres-schemas.js'
import { compareWithMemory } from '../support/query/compare.js'
import { indexes } from '../support/query/types.js'

// On a busy machine; a million queries take longer.
const patience = { short: 600_000, full: 7_200_000 }[effort]
const questions = { short: { sqlite: 2_000, postgres: 500 }, full: { sqlite: 1_000_000, postgres: 100_000 } }[effort]

// Usually half a minute, but minutes on a busy machine; `prove` has its own time limit.
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
  // Queries without results compare nothing. About half of them have results, depending on the seed.
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
