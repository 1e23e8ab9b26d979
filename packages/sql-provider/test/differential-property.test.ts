/**
 * What SQLite finds, in which order, on which page, is what the core's own `queryInMemory` finds, for filters, sorts and
 * values chosen to tell stores apart. `SCIMKIT_EFFORT=full` asks a million questions.
 */
import { afterAll, describe, expect, test } from '@jest/globals'
import { effort, seed } from '../../testkit/test/support/effort.js'
import { sqliteProvider } from '../src/sqlite.js'
import { compareWithMemory } from './support/query/compare.js'
import { indexes } from './support/query/types.js'

const questions = { short: 20_000, full: 1_000_000 }[effort]
const provider = sqliteProvider(':memory:', { indexes })

afterAll(() => provider.close())

describe('differences to the core', () => {
  test(`SQLite: none in ${questions} questions (seed ${seed})`, async () => {
    process.stdout.write(`differential: ${questions} questions, SCIMKIT_SEED=${seed}\n`)
    const { asked, answered, differences } = await compareWithMemory(provider, {
      seed,
      questions,
      questionsPerSet: 250,
    })
    expect(differences.join('\n\n')).toBe('')
    expect(asked).toBe(questions)
    // Questions that nothing answers to compare nothing.
    expect(answered).toBeGreaterThan(questions / 2)
  })
})
