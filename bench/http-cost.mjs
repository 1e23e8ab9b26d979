/**
 * What a request costs the server, in CPU, beside the bare framework that answers the same bytes: `node bench/http-cost.mjs`.
 * Each server is a process of its own, one after the other in the same run, and tells its own CPU time; requests per
 * second depend on the client and on who else is at work. Read the ratios. Build first (`npm start` or `pnpm build`).
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'

const requests = 6_000
const rounds = 3
const connections = 20
const token = 'bench-token-of-thirty-two-characters-or-more'
const frameworks = ['express', 'koa', 'hono']

if (process.argv[2] === 'serve') await serve(process.argv[3], process.argv[4])
else await measure()

async function serve(framework, kind) {
  const user = exampleUser('example')
  const listener = kind === 'bare' ? await bare(framework, user) : await scimkit(framework)
  const server = http.createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  process.on('message', () => process.send({ cpu: process.cpuUsage() }))
  process.send({ port: server.address().port })
}

// The least an application could do: know nothing, check nothing, answer the same document.
async function bare(framework, user) {
  switch (framework) {
    case 'express': {
      const { default: express } = await import('express')
      const app = express()
      app.use(express.json({ type: '*/*' }))
      app.all(/.*/, (_req, res) => res.json(user))
      return app
    }
    case 'koa': {
      const { default: Koa } = await import('koa')
      const app = new Koa()
      app.use(async (ctx) => {
        let text = ''
        for await (const chunk of ctx.req) text += chunk
        if (text !== '') JSON.parse(text)
        ctx.body = user
      })
      return app.callback()
    }
    default: {
      const [{ Hono }, { getRequestListener }] = await Promise.all([import('hono'), import('@hono/node-server')])
      const app = new Hono().all('*', async (c) => {
        if (c.req.method !== 'GET') await c.req.json()
        return c.json(user)
      })
      return getRequestListener(app.fetch)
    }
  }
}

async function scimkit(framework) {
  const { bearerToken } = await import('@scimkit/core')
  const { memoryProvider } = await import('@scimkit/memory-provider')
  const options = { provider: memoryProvider(), authenticate: bearerToken(token) }
  switch (framework) {
    case 'express': {
      const [{ default: express }, { scimRouter }] = await Promise.all([
        import('express'),
        import('@scimkit/express-adapter'),
      ])
      return express().use('/scim/v2', scimRouter(options))
    }
    case 'koa': {
      const [{ default: Koa }, { scimMiddleware }] = await Promise.all([import('koa'), import('@scimkit/koa-adapter')])
      return new Koa().use(scimMiddleware({ ...options, basePath: '/scim/v2' })).callback()
    }
    default: {
      const [{ Hono }, { getRequestListener }, { scimApp }] = await Promise.all([
        import('hono'),
        import('@hono/node-server'),
        import('@scimkit/hono-adapter'),
      ])
      return getRequestListener(new Hono().route('/scim/v2', scimApp(options)).fetch)
    }
  }
}

async function measure() {
  const rows = []
  for (const framework of frameworks) {
    const cost = { bare: await costOf(framework, 'bare'), scimkit: await costOf(framework, 'scimkit') }
    for (const name of Object.keys(cost.bare)) {
      const [floor, ours] = [cost.bare[name], cost.scimkit[name]]
      rows.push({
        framework,
        request: name,
        'bare µs': Math.round(floor),
        'ScimKit µs': Math.round(ours),
        ratio: (ours / floor).toFixed(2),
      })
    }
  }
  console.table(rows)
}

/** CPU microseconds a request, the best of some rounds, by kind of request. */
async function costOf(framework, kind) {
  const child = fork(new URL(import.meta.url), ['serve', framework, kind])
  const [{ port }] = await once(child, 'message')
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections })
  const send = (method, path, body, headers = {}) =>
    exchange({ agent, port, method, path: `/scim/v2${path}`, headers }, body)
  const made = await send('POST', '/Users', exampleUser('first'))
  const path = `/Users/${JSON.parse(made.body).id ?? 'x'}`
  let n = 0
  const kinds = {
    GET: () => send('GET', path),
    'GET ?filter=userName eq': () => send('GET', '/Users?filter=userName%20eq%20%22first%40example.com%22'),
    PATCH: () => send('PATCH', path, { Operations: [{ op: 'replace', path: 'title', value: `t${n++}` }] }),
    POST: () => send('POST', '/Users', exampleUser(`user${n++}`)),
  }
  const best = {}
  for (const [name, request] of Object.entries(kinds)) {
    best[name] = Number.POSITIVE_INFINITY
    for (let round = 0; round <= rounds; round++) {
      const before = await cpuOf(child)
      await load(request)
      const used = ((await cpuOf(child)) - before) / requests
      // The first round is for the compiler.
      if (round > 0) best[name] = Math.min(best[name], used)
    }
  }
  agent.destroy()
  child.kill()
  return best
}

async function cpuOf(child) {
  child.send('cpu')
  const [{ cpu }] = await once(child, 'message')
  return cpu.user + cpu.system
}

async function load(request) {
  let left = requests
  const worker = async () => {
    while (left-- > 0) {
      const { status } = await request()
      if (status >= 300) throw new Error(`answered ${status}`)
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
}

function exchange(options, body) {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = { Authorization: `Bearer ${token}`, ...options.headers }
    if (text !== undefined)
      Object.assign(headers, { 'Content-Type': 'application/scim+json', 'Content-Length': Buffer.byteLength(text) })
    const request = http.request({ host: '127.0.0.1', ...options, headers }, (response) => {
      let received = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => {
        received += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode, body: received }))
    })
    request.on('error', reject)
    request.end(text)
  })
}

function exampleUser(name) {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: `${name}@example.com`,
    externalId: `ext-${name}`,
    name: { givenName: 'Barbara', familyName: 'Jensen', formatted: 'Ms. Barbara J Jensen, III' },
    displayName: 'Babs Jensen',
    title: 'Tour Guide',
    active: true,
    emails: [
      { value: `${name}@example.com`, type: 'work', primary: true },
      { value: `${name}@home.example`, type: 'home' },
    ],
    phoneNumbers: [{ value: '555-555-5555', type: 'work' }],
    addresses: [
      {
        type: 'work',
        streetAddress: '100 Universal City Plaza',
        locality: 'Hollywood',
        region: 'CA',
        postalCode: '91608',
        country: 'US',
      },
    ],
  }
}
