/** The outbox on every store. */

import { outboxCases } from '../support/outbox/outbox-cases.js'
import { embeddedStores, postgresStores } from '../support/outbox/outbox-stores.js'
import { describePostgres } from '../support/postgres.js'

for (const [name, open] of embeddedStores) outboxCases(name, open)

describePostgres('on PostgreSQL', (url) => {
  for (const [name, open] of postgresStores(url)) outboxCases(name, open)
})
