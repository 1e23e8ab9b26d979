import { expect, test } from '@jest/globals'
import { createClient } from '@scimkit/client'
import { bearerToken } from '@scimkit/core'
import { scimRouter } from '@scimkit/express-adapter'
import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
import { loadTraces } from '@scimkit/testkit'
import express from 'express'

const token = 'a-token-of-32-characters-or-more-it-is'

test('a server and its client run under Jest as CommonJS', async () => {
  expect(typeof sqliteProvider).toBe('function')
  expect((await loadTraces()).length).toBeGreaterThan(0)
  const app = express()
  app.use('/scim/v2', scimRouter({ authenticate: bearerToken(token) }))
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const { users } = createClient(`http://127.0.0.1:${port}/scim/v2`, { token })
  const { id, meta } = await users.create({ userName: 'ada@example.com' })
  expect(await users.get(id)).toMatchObject({ userName: 'ada@example.com', meta: { version: meta?.version } })
  server.closeAllConnections()
  server.close()
})
