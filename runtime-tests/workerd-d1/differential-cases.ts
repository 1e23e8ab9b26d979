/** Generated queries to D1 and to the core's own evaluator: the results are equal. */
import { d1Provider } from '@scimkit/sql-provider/d1'
import type { ContractCase } from '@scimkit/testkit'
import { compareWithMemory } from '../../packages/sql-provider/test/support/query/compare.js'
import { indexes } from '../../packages/sql-provider/test/support/query/types.js'
import type { Env } from './databases.js'

const questions = 250
const questionsPerSet = 50

/** Once with few indexed attributes, and once with many. */
export function differentialCases({ questioned, questionedIndexed }: Env): readonly ContractCase[] {
  const providers = {
    few: () => d1Provider(questioned),
    many: () => d1Provider(questionedIndexed, { indexes }),
  }
  return Object.entries(providers).map(([which, make]) => ({
    id: `d1-differential-${which}`,
    title: `${questions} generated filters, sorts and pages, ${which} indexes: the results of the core's own evaluator`,
    level: 'MUST',
    citation: 'RFC 7644 §3.4.2',
    run: async () => {
      const seed = Date.now() % 1_000_000
      const { differences, answered } = await compareWithMemory(make(), { seed, questions, questionsPerSet })
      if (differences.length > 0) throw new Error(differences.join('\n'))
      if (answered < questions / 10) throw new Error(`seed ${seed}: only ${answered} results were not empty`)
    },
  }))
}
