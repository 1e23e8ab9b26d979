/**
 * A process that uses one token again and again: `FILE TOKEN`. It prints a line when the result changes: accepted or
 * refused, the time, and the longest pause between two uses until then.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
import { scimConnections } from '../../src/scim-connections/scim-connections.js'

const [, , file = '', token = ''] = process.argv
const provider = sqliteProvider(file)
const connections = scimConnections({ store: provider.records })
const request = { method: 'GET', target: '/Users', header: () => `Bearer ${token}` }
let last: string | undefined
let longestPause = 0
for (let before = Date.now(); ; ) {
  const access = await connections.authenticate(request, undefined)
  const now = Date.now()
  longestPause = Math.max(longestPause, now - before)
  before = now
  const result = access === undefined ? 'refused' : 'accepted'
  if (result !== last) process.stdout.write(`${JSON.stringify({ result, at: now, longestPause })}\n`)
  if (result === 'refused') break
  last = result
  await pause(5)
}
await provider.close()
