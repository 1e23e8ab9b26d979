/**
 * The CPU cost of a token check, scopes and a rate limit, as a part of a GET: `node bench/token-check.mjs`. For each
 * framework two servers run in processes of their own, one without authentication and one with a connection; they are
 * loaded in turns, so that other load affects both. Read the percentages. Build first (`npm start` or `pnpm build`).
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'

const requests = 4_000
const rounds = 15
const connections = 20
const frameworks = ['express', 'koa', 'hono']

async function serve(framework, isChecked) {
  const [
    { noAuthentication, tenantFromPath },
    { memoryProvider },
    { memoryRecords, scimConnections },
    { processRateLimiter },
  ] = await Promise.all([
    import('@scimkit/core'),
    import('@scimkit/memory-provider'),
    import('@scimkit/connections'),
    import('@scimkit/connections/node'),
  ])
  const { authenticate, authorize, create } = scimConnections({ store: memoryRecords(), tenant: tenantFromPath() })
  const { token } = await create({ tenant: 'acme', name: 'bench', token: true })
  const rate = { perSecond: 1_000_000, burst: 1_000_000_000 }
  // As `scimkit serve` with several tenants.
  const rateLimit = { limiter: processRateLimiter(), tenant: rate }
  const access = isChecked ? { authenticate, authorize, rateLimit } : { authenticate: noAuthentication() }
  const listener = await listenerOf(framework, { provider: memoryProvider(), ...access })
  const server = http.createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  process.on('message', () => process.send({ cpu: process.cpuUsage() }))
  process.send({ port: server.address().port, token: token.text })
}

async function listenerOf(framework, options) {
  switch (framework) {
    case 'express': {
      const [{ default: express }, { scimRouter }] = await Promise.all([
        import('express'),
        import('@scimkit/express-adapter'),
      ])
      return express().use('/scim/:tenant/v2', scimRouter(options))
    }
    case 'koa': {
      const [{ default: Koa }, { scimMiddleware }] = await Promise.all([import('koa'), import('@scimkit/koa-adapter')])
      return new Koa().use(scimMiddleware({ ...options, basePath: '/scim/:tenant/v2' })).callback()
    }
    default: {
      const [{ Hono }, { getRequestListener }, { scimApp }] = await Promise.all([
        import('hono'),
        import('@hono/node-server'),
        import('@scimkit/hono-adapter'),
      ])
      return getRequestListener(new Hono().route('/', scimApp({ ...options, basePath: '/scim/:tenant/v2' })).fetch)
    }
  }
}

async function measure() {
  const rows = []
  for (const framework of frameworks) {
    const [open, checked] = [await start(framework, 'open'), await start(framework, 'checked')]
    const costs = { open: [], checked: [] }
    for (let round = 0; round <= rounds; round++) {
      // The order changes, so that neither of them always comes after the other.
      const pair = round % 2 === 0 ? [open, checked] : [checked, open]
      for (const server of pair) {
        const cost = await server.load()
        // The first round warms up the compiler.
        if (round > 0) costs[server === open ? 'open' : 'checked'].push(cost)
      }
    }
    open.end()
    checked.end()
    const [plain, whole] = [median(costs.open), median(costs.checked)]
    rows.push({
      framework,
      'GET µs': plain.toFixed(1),
      'with check µs': whole.toFixed(1),
      'check µs': (whole - plain).toFixed(1),
      'of a GET': `${((whole / plain - 1) * 100).toFixed(1)} %`,
    })
  }
  console.table(rows)
}

async function start(framework, kind) {
  const child = fork(new URL(import.meta.url), ['serve', framework, kind])
  const [{ port, token }] = await once(child, 'message')
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections })
  const send = (method, path, body) => exchange({ agent, port, method, path: `/scim/acme/v2${path}`, token }, body)
  const { id } = JSON.parse((await send('POST', '/Users', exampleUser)).body)
  const cpu = async () => {
    child.send('cpu')
    const [message] = await once(child, 'message')
    return message.cpu.user + message.cpu.system
  }
  return {
    /** CPU microseconds of a GET. */
    async load() {
      const before = await cpu()
      await sendMany({ port, path: `/scim/acme/v2/Users/${id}`, token })
      return ((await cpu()) - before) / requests
    },
    end() {
      agent.destroy()
      child.kill()
    },
  }
}

// A client that costs less than the servers, so that they are never idle: a server that sleeps between two requests pays
// for waking up, and the slower one sleeps less often.
async function sendMany({ port, path, token }) {
  const text = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n\r\n`
  let left = requests
  const worker = async () => {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    try {
      while (left-- > 0) {
        socket.write(text)
        await responseOf(socket)
      }
    } finally {
      socket.destroy()
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
}

async function responseOf(socket) {
  let received = ''
  for (;;) {
    const [chunk] = await once(socket, 'data')
    received += chunk.toString('latin1')
    const end = received.indexOf('\r\n\r\n')
    if (end === -1) continue
    const head = received.slice(0, end)
    if (!head.startsWith('HTTP/1.1 200')) throw new Error(`unexpected response: ${head}`)
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1])
    if (received.length >= end + 4 + length) return
  }
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

function exchange({ token, ...options }, body) {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = { Authorization: `Bearer ${token}` }
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

const exampleUser = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: 'first@example.com',
  externalId: 'ext-first',
  name: { givenName: 'Barbara', familyName: 'Jensen', formatted: 'Ms. Barbara J Jensen, III' },
  displayName: 'Babs Jensen',
  title: 'Tour Guide',
  active: true,
  emails: [{ value: 'first@example.com', type: 'work', primary: true }],
}

if (process.argv[2] === 'serve') await serve(process.argv[3], process.argv[4] === 'checked')
else await measure()
