import { bearerToken, createScim } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { attack, hostileSet, makePrey, viaHandler, withHeaders } from '@scimkit/testkit'

/**
 * Runs the hostile set in a process of its own and prints what is wrong as JSON, `[[id, why], …]`. Not within jest,
 * where every global costs a call into another realm, so that what is measured is jest; and by CPU time, so that it
 * does not matter what else the machine does.
 */
const token = 'a-token-of-32-characters-or-more-it-is'
const { handle } = createScim({ provider: memoryProvider(), authenticate: bearerToken(token) })
const exchange = withHeaders(viaHandler(handle), { Authorization: `Bearer ${token}` })

function clock(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

const wrong: [string, string][] = []
for (const hostile of hostileSet(await makePrey(exchange))) {
  const result = await attack(hostile, exchange, { within: 50, clock })
  if (!result.ok) wrong.push([hostile.id, result.why])
}
process.stdout.write(JSON.stringify(wrong))
