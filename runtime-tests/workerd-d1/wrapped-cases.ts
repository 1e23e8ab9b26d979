/** Bindings that are another object in each request, and sessions of them. */
import { tenantId } from '@scimkit/core'
import { documentOnly } from '@scimkit/core/provider'
import { d1Provider } from '@scimkit/sql-provider/d1'
import { type ContractCase, testContext } from '@scimkit/testkit'
import { aroundDatabase } from './around-database.js'
import type { Env } from './databases.js'

/** Ways in which a Worker may wrap its binding before it passes it. */
export function wrappedCases({ wrapped }: Env): readonly ContractCase[] {
  const described = { level: 'MUST', citation: 'ScimKit' } as const
  const context = testContext(tenantId('wrapped'))
  const ref = { type: 'User', id: crypto.randomUUID() }
  return [
    {
      ...described,
      id: 'd1-wrapped-calls',
      title: 'a read by a binding that is wrapped in each request is one call, if the database has a name',
      run: async () => {
        let calls = 0
        const counted = () =>
          aroundDatabase(wrapped, (call) => {
            calls += 1
            return call()
          })
        const read = () => d1Provider(counted(), { database: 'wrapped' }).read(ref, documentOnly, context)
        await read()
        calls = 0
        await read()
        if (calls !== 1) throw new Error(`expected 1 call, got ${calls}`)
      },
    },
    {
      ...described,
      id: 'd1-replicas',
      title: 'a read that may lag uses a session, and finds the stored resource',
      run: async () => {
        let sessions = 0
        const counting = new Proxy(wrapped, {
          get(db, name) {
            if (name === 'withSession') sessions += 1
            const value: unknown = Reflect.get(db, name, db)
            return typeof value === 'function' ? value.bind(db) : value
          },
        })
        const provider = d1Provider(counting, { replicas: true, database: 'wrapped' })
        const resource = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], id: ref.id, userName: ref.id }
        const next = { resource, version: '1-a' as never, at: '2026-01-01T00:00:00Z', unique: [], members: undefined }
        const written = await provider.insert(ref, next, context)
        sessions = 0
        const found = await provider.read(ref, { ...documentOnly, mayLag: true }, context)
        const missing = await provider.read({ ...ref, id: 'nobody' }, { ...documentOnly, mayLag: true }, context)
        const seen = [written.kind, found?.version, missing, sessions > 1]
        if (seen.join() !== 'success,1-a,,true') throw new Error(`got ${seen.join()}`)
      },
    },
    {
      ...described,
      id: 'd1-session-refused',
      title: 'a session in place of the binding is rejected',
      run: async () => {
        const session = wrapped.withSession?.('first-unconstrained')
        if (session === undefined) throw new Error('the binding has no withSession()')
        try {
          d1Provider(session)
        } catch (error) {
          if (error instanceof TypeError) return
        }
        throw new Error('expected a TypeError')
      },
    },
  ]
}
