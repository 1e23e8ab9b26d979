import { bearerToken, createScim } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { attack, hostileSet, makePrey, viaHandler, withHeaders } from '@scimkit/testkit'

/**
 * Runs the hostile set in a process of its own and prints what is wrong as JSON, `[[id, why], …]`. Not within jest,
 * where every global costs a call into another realm, so that what is measured is jest; by CPU time, so that it does not
 * matter what else the machine does; and beside what the core at hand needs for the same plain work, so that a slow one
 * does not count as an attack.
 */
const token = 'a-token-of-32-characters-or-more-it-is'
const { handle } = createScim({ provider: memoryProvider(), authenticate: bearerToken(token) })
const exchange = withHeaders(viaHandler(handle), { Authorization: `Bearer ${token}` })

function clock(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** Milliseconds of CPU that the machines need on which 50 is the bound. */
const nominal = 40

function slowness(): number {
  const text = `[${'{},'.repeat(300_000)}{}]`
  const times = Array.from({ length: 5 }, () => {
    const started = clock()
    JSON.parse(text)
    return clock() - started
  })
  return Math.max(1, Math.min(...times) / nominal)
}

const within = 50 * slowness()
const wrong: [string, string][] = []
for (const hostile of hostileSet(await makePrey(exchange))) {
  const result = await attack(hostile, exchange, { within, clock })
  if (!result.ok) wrong.push([hostile.id, result.why])
}
process.stdout.write(JSON.stringify(wrong))
