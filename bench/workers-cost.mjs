/**
 * What a request costs a Worker, in CPU, in the simulation: `node bench/workers-cost.mjs`. Linux; build first (`pnpm
 * build`), and install the runtimes (`npm ci` in runtime-tests). It is the CPU time of the whole process of workerd, less
 * that of a request to the same Worker which answers without SCIM. D1 and the storage of objects are simulated in that
 * process, so their own work is in the figures; at Cloudflare, D1 is another machine. Requests come one after the other,
 * in rounds, and the best round counts, since noise only ever adds.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from '../tools/test-runtimes.mjs'

const { Miniflare } = createRequire(new URL('../runtime-tests/package.json', import.meta.url))('miniflare')
const rounds = 3
const requests = 200
const ticksPerSecond = 100
const user = 'urn:ietf:params:scim:schemas:core:2.0:User'
const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const bulkRequest = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'
const headers = {
  Authorization: 'Bearer a-token-of-acme-of-32-characters-or-more',
  'Content-Type': 'application/scim+json',
}

const folder = mkdtempSync(join(tmpdir(), 'scimkit-bench-'))
await bundle(join(folder, 'worker.mjs'), {
  entry: 'cpu/worker.ts',
  conditions: ['workerd', 'worker', 'browser'],
  digest: 'digest.web.js',
})
const miniflare = new Miniflare({
  modules: true,
  script: readFileSync(join(folder, 'worker.mjs'), 'utf8'),
  compatibilityDate: '2026-04-01',
  d1Databases: ['DB'],
  durableObjects: { TENANT: { className: 'Tenant', useSQLite: true } },
})
try {
  const { hostname, port } = await miniflare.ready
  const workerd = childOf(process.pid)
  const send = (method, path, body) =>
    new Promise((resolve, reject) => {
      const sent = request({ hostname, port, path, method, headers }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part) => {
          text += part
        })
        response.on('end', () => resolve({ status: response.statusCode, text }))
      })
      sent.on('error', reject)
      sent.end(body === undefined ? undefined : JSON.stringify(body))
    })

  console.log(`${requests} requests a round, best of ${rounds}; milliseconds of CPU a request`)
  for (const store of ['memory', 'object', 'd1']) {
    const root = `/${store}/scim/v2`
    const made = []
    const document = (name) => ({
      schemas: [user],
      userName: `${name}@example.com`,
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      emails: [{ value: `${name}@example.com`, type: 'work', primary: true }],
      active: true,
    })
    const operations = {
      nothing: (i) => send('POST', `/${store}/nothing/${i}`, document(i)),
      create: async (i) => {
        const answer = await send('POST', `${root}/Users`, document(`user-${i}`))
        made.push(JSON.parse(answer.text).id)
        return answer
      },
      get: (i) => send('GET', `${root}/Users/${made[i % made.length]}`),
      filter: (i) => send('GET', `${root}/Users?filter=${encodeURIComponent(`userName eq "user-${i}@example.com"`)}`),
      patch: (i) => {
        const Operations = [{ op: 'replace', path: 'title', value: `title ${i}` }]
        return send('PATCH', `${root}/Users/${made[i % made.length]}`, { schemas: [patchOp], Operations })
      },
      'list of 100': () => send('GET', `${root}/Users?count=100`),
      'bulk of 20 creates': (i) => {
        const Operations = Array.from({ length: 20 }, (_, n) => ({
          method: 'POST',
          path: '/Users',
          bulkId: `n${n}`,
          data: document(`bulk-${i}-${n}`),
        }))
        return send('POST', `${root}/Bulk`, { schemas: [bulkRequest], Operations })
      },
    }
    const costs = {}
    for (const [name, operation] of Object.entries(operations)) {
      const times = []
      for (let round = 0; round < rounds; round++) {
        const before = ticks(workerd)
        for (let i = 0; i < requests; i++) {
          const { status, text } = await operation(round * requests + i)
          if (status >= 300) throw new Error(`${store} ${name}: ${status} ${text}`)
        }
        times.push(((ticks(workerd) - before) * 1000) / ticksPerSecond / requests)
      }
      costs[name] = Math.min(...times)
    }
    const { nothing, ...others } = costs
    const shown = Object.entries(others).map(([name, cost]) => `${name} ${(cost - nothing).toFixed(2)}`)
    console.log(`${store.padEnd(7)} ${shown.join(', ')}   (without SCIM ${nothing.toFixed(2)})`)
  }
} finally {
  await miniflare.dispose()
  rmSync(folder, { recursive: true })
}
process.exit()

function childOf(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
  const found = children.find((child) => readFileSync(`/proc/${child}/comm`, 'utf8').trim() === 'workerd')
  if (found === undefined) throw new Error('no process of workerd')
  return found
}

/** CPU time of a process and of all its threads, in ticks of 10 ms. */
function ticks(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [, , , , , , , , , , , user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(user) + Number(system)
}
