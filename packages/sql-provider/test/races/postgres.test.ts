/** Races on PostgreSQL: through a server, and between two providers on one database, as in two processes. */
import { afterAll, describe, it, jest, test } from '@jest/globals'
import { createScim, noAuthentication } from '@scimkit/core'
import { bind, providerContract, raceContract, races, viaHandler } from '@scimkit/testkit'
import { effort } from '../../../testkit/test/support/effort.js'
import { postgresProvider } from '../../src/postgres.js'
import { inTurn } from '../support/drivers/in-turn.js'
import { describePostgres } from '../support/postgres.js'
import { freshProviders } from '../support/postgres-schemas.js'

const lengths = { short: { rounds: 5, filters: 50 }, full: { rounds: 200, filters: 5_000 } }[effort]

// Each commit waits for the disk, and on a busy machine a race has taken a minute. `prove` has its own time limit.
if (effort === 'short') jest.setTimeout(300_000)

describePostgres('races on PostgreSQL', (url) => {
  const fresh = freshProviders(url)
  describe('through a server', () => {
    const { handle } = createScim({ provider: fresh(), authenticate: noAuthentication() })
    bind({ test }, raceContract(races, viaHandler(handle), effort))
  })
})

describePostgres('the contract on PostgreSQL, at length', (url) => {
  const [first, second, third] = [
    postgresProvider(url),
    postgresProvider(url),
    postgresProvider(url, { prepare: false }),
  ]
  const all = inTurn([first, second, third])
  afterAll(async () => {
    for (const provider of [first, second, third]) await provider.close()
  })
  bind(
    { it },
    providerContract(() => all, lengths),
  )
})
