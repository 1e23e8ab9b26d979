/** The provider contract through a Kysely instance of the host over postgres.js, whose results and errors differ from `pg`. */
import { afterAll, expect, it, test } from '@jest/globals'
import { createScim, noAuthentication } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import { bind, providerContract, viaHandler } from '@scimkit/testkit'
import { CompiledQuery, Kysely } from 'kysely'
import { PostgresJSDialect } from 'kysely-postgres-js'
import postgres from 'postgres'
import { kyselyProvider } from '../../src/kysely.js'
import { notesIn } from '../support/host-notes.js'
import { describePostgres } from '../support/postgres.js'

describePostgres('PostgreSQL through Kysely over postgres.js', (url) => {
  const connections = postgres(url, { max: 5, onnotice: () => {} })
  const db = new Kysely<unknown>({ dialect: new PostgresJSDialect({ postgres: connections }) })
  afterAll(() => db.destroy())
  const provider: ResourceProvider = kyselyProvider(db, { dialect: 'postgres', history: 20 })
  const notes = notesIn(async (text) => (await db.executeQuery(CompiledQuery.raw(text))).rows, true)
  bind(
    { it },
    providerContract(() => provider, { rounds: 5, filters: 100, notes }),
  )

  test('a member that does not exist is 400 and nothing is written; a used name is 409', async () => {
    const scim = createScim({ provider, authenticate: noAuthentication(), unknownMembers: 'reject' })
    const send = async (type: 'User' | 'Group', attributes: object): Promise<unknown> => {
      const body = JSON.stringify({ schemas: [`urn:ietf:params:scim:schemas:core:2.0:${type}`], ...attributes })
      const headers = { 'Content-Type': 'application/scim+json' }
      const answer = await viaHandler(scim.handle)({ method: 'POST', path: `/${type}s`, headers, body })
      return [answer.status, JSON.parse(answer.body).scimType]
    }
    expect(await send('Group', { displayName: 'g', members: [{ value: 'nobody' }] })).toEqual([400, 'invalidValue'])
    expect(await send('User', { userName: 'taken' })).toEqual([201, undefined])
    expect(await send('User', { userName: 'TAKEN' })).toEqual([409, 'uniqueness'])
    const { body } = await viaHandler(scim.handle)({ method: 'GET', path: '/Groups' })
    expect(JSON.parse(body).totalResults).toBe(0)
  })
})
