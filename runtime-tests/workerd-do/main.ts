/** Starts the Worker and its objects in workerd, and sends requests from outside. */
import { readFileSync } from 'node:fs'
import { Miniflare } from 'miniflare'
import { play } from '../contract.js'
import { viaOwnConnections } from '../workerd/via-own-connections.js'
import { workerdWaivers } from '../workerd/waivers.js'
import { casesFromInside } from '../workerd-d1/cases-from-inside.js'
import { limitsOfD1 } from '../workerd-d1/limits.js'
import { manyMembers } from '../workerd-d1/many-members.js'
import { clientGoneCase } from './client-gone-case.js'
import { killedCase } from './killed-case.js'
import { resetCase } from './reset-case.js'

const script = readFileSync(process.argv[2] ?? '', 'utf8')
const miniflare = new Miniflare({
  modules: true,
  script,
  compatibilityDate: '2026-04-01',
  durableObjects: { TENANT: { className: 'Tenant', useSQLite: true } },
})
try {
  const url = await miniflare.ready
  const urls = [url, url] as const
  await play({
    exchangeWith: (setup) => viaOwnConnections(`${url.origin}/${setup}/scim/v2`),
    inProcess: false,
    itself: [],
    more: [
      resetCase(viaOwnConnections(`${url.origin}/reset`)),
      killedCase(script),
      clientGoneCase(url, viaOwnConnections(`${url.origin}/exchange/scim/v2`)),
      ...manyMembers(urls),
      // The engine is that of D1, with its limits.
      ...limitsOfD1(urls),
      ...(await casesFromInside(viaOwnConnections(`${url.origin}/inside`))),
    ],
    waivers: workerdWaivers,
  })
} finally {
  await miniflare.dispose()
}
process.exit()
