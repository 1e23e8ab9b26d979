/** Starts two isolates of the Worker on one set of D1 databases in workerd, and sends requests from outside. */
import { readFileSync } from 'node:fs'
import { Miniflare } from 'miniflare'
import { play } from '../contract.js'
import { viaOwnConnections } from '../workerd/via-own-connections.js'
import { workerdWaivers } from '../workerd/waivers.js'
import { casesFromInside } from './cases-from-inside.js'
import { clientGone } from './client-gone.js'
import { databases } from './databases.js'
import { hangUpCases } from './hang-up-cases.js'
import { limitsOfD1 } from './limits.js'
import { manyMembers } from './many-members.js'
import { startTogether } from './together.js'
import { twoIsolates } from './two-isolates.js'

const script = readFileSync(process.argv[2] ?? '', 'utf8')
const isolate = (name: string, other: string) => ({
  name,
  modules: true,
  script,
  compatibilityDate: '2026-04-01',
  d1Databases: Object.fromEntries(databases.map((name) => [name, name])),
  serviceBindings: { other },
  unsafeDirectSockets: [{}],
})
const miniflare = new Miniflare({ workers: [isolate('one', 'two'), isolate('two', 'one')] })
try {
  await miniflare.ready
  const urls = [await miniflare.unsafeGetDirectURL('one'), await miniflare.unsafeGetDirectURL('two')] as const
  await play({
    exchangeWith: (setup) => twoIsolates(urls, `/${setup}/scim/v2`),
    inProcess: false,
    shareOfRaces: 0.2,
    itself: [startTogether(urls), ...clientGone(urls), ...hangUpCases(urls)],
    more: [
      ...manyMembers(urls),
      ...limitsOfD1(urls),
      ...(await casesFromInside(viaOwnConnections(`${urls[0].origin}/inside`))),
    ],
    waivers: workerdWaivers,
  })
} finally {
  await miniflare.dispose()
}
process.exit()
