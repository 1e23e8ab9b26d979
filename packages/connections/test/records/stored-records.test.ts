import { expect, test } from '@jest/globals'
import { readConnection, readToken, readUses } from '../../src/records/stored-records.js'
import { serveConnections } from '../support/platform.js'

test('a store that returns another record than the one that was asked for authenticates no caller', async () => {
  const { connections, store } = serveConnections()
  const one = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
  const two = await connections.create({ tenant: 'globex', name: 'Okta', token: true })
  const id = one.connection.id
  const token = one.token?.id ?? ''
  expect(await readConnection(store, id)).toMatchObject({ revision: 1, record: { tenant: 'acme' } })
  const all = [...store.records.values()]
  for (const answer of [all, all.filter((stored) => stored.tenant === 'globex'), []]) {
    const other = { ...store, read: async () => answer.filter(({ kind }) => kind === 'connection') }
    expect(await readConnection(other, id)).toBeUndefined()
    const tokens = { ...store, read: async () => answer.filter(({ kind }) => kind === 'token') }
    expect(await readToken(tokens, token)).toBeUndefined()
  }
  expect(await readConnection(store, two.connection.id)).toMatchObject({ record: { tenant: 'globex' } })
  expect([...(await readUses(store, []))]).toEqual([])
})
