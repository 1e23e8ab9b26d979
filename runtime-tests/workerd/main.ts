/** Starts the Worker in workerd and sends requests from outside. */
import { readFileSync } from 'node:fs'
import { Miniflare } from 'miniflare'
import { check, play } from '../contract.js'
import { casesFromInside } from '../workerd-d1/cases-from-inside.js'
import { viaOwnConnections } from './via-own-connections.js'
import { workerdWaivers } from './waivers.js'

const script = readFileSync(process.argv[2] ?? '', 'utf8')
const miniflare = new Miniflare({ modules: true, script, compatibilityDate: '2026-04-01' })
try {
  const url = String(await miniflare.ready).replace(/\/$/, '')
  const itself = await (await miniflare.dispatchFetch(`${url}/itself`)).text()
  await play({
    exchangeWith: (setup) => viaOwnConnections(`${url}/${setup}/scim/v2`),
    inProcess: false,
    itself: [
      check('runtime', `this is workerd: ${itself}`, () => itself.includes('Cloudflare-Workers')),
      check('digest', `digests are by WebCrypto: ${itself}`, () => itself.includes('"webCrypto":true')),
    ],
    more: await casesFromInside(viaOwnConnections(`${url}/oauth`)),
    waivers: workerdWaivers,
  })
} finally {
  await miniflare.dispose()
}
process.exit()
