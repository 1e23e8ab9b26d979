import { createScim, ifVersion, tenantId } from '@scimkit/core'
import { type MigrationReport, SchemaMismatch, type SqlProvider } from '@scimkit/sql-provider'
import { type D1Database, d1Provider } from '@scimkit/sql-provider/d1'
import { type DurableObjectStorage, durableObjectProvider } from '@scimkit/sql-provider/durable-object'
import { postgresProvider } from '@scimkit/sql-provider/postgres'
import { sqliteProvider } from '@scimkit/sql-provider/sqlite'

// Only looked at by the compiler: there is no Worker here.
export const atTheEdge = (env: { readonly DB: D1Database }): SqlProvider => d1Provider(env.DB)
export const inAnObject = (storage: DurableObjectStorage): SqlProvider =>
  durableObjectProvider(storage, { indexes: { User: ['name.familyName'] } })

export async function run(): Promise<void> {
  const provider: SqlProvider = sqliteProvider(':memory:', { indexes: { User: ['name.familyName'] } })
  const report: MigrationReport = await provider.migrate()
  if (report.from !== 0 || report.to < 1) throw new Error(`the tables were not made: ${JSON.stringify(report)}`)
  const scim = createScim({ provider })
  const context = scim.context({ tenant: tenantId('acme') })
  const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User']
  const created = await scim.perform({ kind: 'create', type: 'User', body: { schemas, userName: 'ada' } }, context)
  if (created.kind !== 'created') throw new Error(created.kind)
  const { ref, version } = created.value
  const retitle = async (title: string): Promise<string> => {
    const body = { schemas, userName: 'ada', title }
    return (await scim.perform({ kind: 'replace', ref, body, precondition: ifVersion(version) }, context)).kind
  }
  const outcomes = [await retitle('Countess'), await retitle('Lady')]
  if (outcomes.join() !== 'success,versionMismatch') throw new Error(`expected one of two to win, got ${outcomes}`)
  if (!(await provider.facts.swap('motto', undefined, 'never lost'))) throw new Error('a fact is not kept')
  await provider.close()

  const remote = postgresProvider('postgres://nobody@127.0.0.1:9/nothing')
  const failed = await remote.migrate().catch((error: unknown) => error)
  if (!(failed instanceof Error) || failed instanceof SchemaMismatch) throw new Error('nobody listens on port 9')
  await remote.close()
}
