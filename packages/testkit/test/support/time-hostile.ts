import { bearerToken, createScim } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { attack, createAttackTarget, hostileSet, viaHandler, withHeaders } from '@scimkit/testkit'

/**
 * Runs the hostile set in a separate process and prints the failures as JSON, `[[id, why], …]`. Not within jest, where
 * every global is a call into another realm, so that jest would be measured; by CPU time, so that other load does not
 * matter; and relative to the time of this CPU for fixed work, so that a slow CPU does not count as an attack.
 */
const token = 'a-token-of-32-characters-or-more-it-is'
const { handle } = createScim({ provider: memoryProvider(), authenticate: bearerToken(token) })
const exchange = withHeaders(viaHandler(handle), { Authorization: `Bearer ${token}` })

function clock(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** CPU milliseconds for the fixed work on machines for which 50 is the bound. */
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
for (const hostile of hostileSet(await createAttackTarget(exchange))) {
  const result = await attack(hostile, exchange, { within, clock })
  if (!result.ok) wrong.push([hostile.id, result.why])
}
process.stdout.write(JSON.stringify(wrong))
