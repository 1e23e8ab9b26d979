/** A Worker as its users would write it, with its resources in D1. Here once for each database. */
import { scimApp } from '@scimkit/hono-adapter'
import { type D1Database, d1Provider } from '@scimkit/sql-provider/d1'
import { providerContract, recordStoreContract } from '@scimkit/testkit'
import { Hono } from 'hono'
import { notesIn } from '../../packages/sql-provider/test/support/host-notes.js'
import { optionsOf, setups } from '../setups.js'
import { callCases } from './call-cases.js'
import { casesInside } from './cases-inside.js'
import { databases, type Env } from './databases.js'
import { differentialCases } from './differential-cases.js'
import { hangUp } from './hang-up.js'
import { hungUp, withoutContext } from './hung-up.js'
import { migrationCases } from './migration-cases.js'
import { reindexCases } from './reindex-cases.js'
import { slowDatabase } from './slow-database.js'
import { wrappedCases } from './wrapped-cases.js'

const notesOf = (db: D1Database) => notesIn(async (text) => (await db.prepare(text).all()).results, true)

const app = new Hono()
for (const name of databases.filter((name) => !name.startsWith('hungUp'))) {
  const setup = setups.find((known) => known === name) ?? 'exchange'
  const isGone = name.startsWith('gone')
  const databaseIn = (env: Env) => (isGone ? slowDatabase(env[name]) : env[name])
  const scim = scimApp(optionsOf(setup, (env: Env) => d1Provider(databaseIn(env))))
  const path = `/${name}/scim/v2`
  // With the execution context no abandoned request would be cancelled.
  if (isGone) app.route('/', withoutContext(path, scim))
  else app.route(path, scim)
}
// Calls of D1 from inside the Worker are twenty times as fast as calls from Node.
app.route(
  '/inside',
  casesInside((env: Env) => [
    ...migrationCases(env),
    ...reindexCases(env),
    ...callCases(env),
    ...differentialCases(env),
    ...wrappedCases(env),
    ...recordStoreContract(() => d1Provider(env.provider).records, {
      other: () => d1Provider(env.provider, { history: 3 }).records,
      rounds: 2,
    }),
    ...providerContract(() => d1Provider(env.provider), { rounds: 5, notes: notesOf(env.provider) }),
    ...providerContract(() => d1Provider(env.provider, { history: 3 }), { rounds: 5, history: 3 }).filter(
      ({ needs = [] }) => needs.includes('history'),
    ),
  ]),
)
app.route('/hang-up', hangUp)
app.route('/', hungUp)

// biome-ignore lint/style/noDefaultExport: it is how a Worker is found
export default app
