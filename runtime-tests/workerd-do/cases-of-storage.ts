/** Cases that run in the object, on its own storage. */
import { type DurableObjectStorage, durableObjectProvider } from '@scimkit/sql-provider/durable-object'
import { type ContractCase, providerContract, recordStoreContract } from '@scimkit/testkit'
import { notesIn } from '../../packages/sql-provider/test/support/host-notes.js'
import { compareWithMemory } from '../../packages/sql-provider/test/support/query/compare.js'

const questions = 250
const questionsPerSet = 50

/** The provider contract, and generated queries, compared with the results of the core's own evaluator. */
export function casesOfStorage(storage: DurableObjectStorage): readonly ContractCase[] {
  const remembering = (): ReturnType<typeof durableObjectProvider> => durableObjectProvider(storage, { history: 3 })
  const notes = notesIn((text) => storage.sql.exec(text).toArray(), false)
  return [
    ...providerContract(() => durableObjectProvider(storage), { rounds: 5, notes }),
    ...providerContract(remembering, { rounds: 5, history: 3 }).filter(({ needs = [] }) => needs.includes('history')),
    ...recordStoreContract(() => durableObjectProvider(storage).records, { rounds: 2 }),
    {
      id: 'do-differential',
      title: `${questions} generated filters, sorts and pages: the results of the core's own evaluator`,
      level: 'MUST',
      citation: 'RFC 7644 §3.4.2',
      run: async () => {
        const seed = Date.now() % 1_000_000
        const provider = durableObjectProvider(storage)
        const { differences, answered } = await compareWithMemory(provider, { seed, questions, questionsPerSet })
        if (differences.length > 0) throw new Error(differences.join('\n'))
        if (answered < questions / 10) throw new Error(`seed ${seed}: only ${answered} results were not empty`)
      },
    },
  ]
}
