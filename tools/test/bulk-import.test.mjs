/** The import under adverse conditions: existing users, wrong servers, failures. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createClient, filter } from '@scimkit/client'
import { memoryProvider } from '@scimkit/memory-provider'
import { progressBar } from '../../examples/dist/bulk-import/progress-bar.js'
import { serve } from '../../examples/dist/stage/serve.js'
import { bundledCommand } from '../../packages/testkit/test/support/bundled-command.js'

const examples = fileURLToPath(new URL('../../examples/', import.meta.url))
const main = bundledCommand(examples, join(examples, 'dist/bulk-import/main.js'))
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

let folder
let open
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scimkit-bulk-import-'))
  open = []
})
afterEach(async () => {
  for (const server of open) await server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Runs the import in the test's folder; returns its exit code and its output. */
function run(...flags) {
  return new Promise((resolve) => {
    const args = [main, '--folder', folder, ...flags]
    execFile(process.execPath, args, { timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : (error.code ?? error.signal), stdout, stderr }),
    )
  })
}

/** An empty SCIM server. */
async function scimServer() {
  const server = await serve(memoryProvider())
  open.push(server)
  return server.url
}

/** A server with responses of the test: `answer(path, body)` returns `[status, body]`, or undefined to close the connection. */
async function otherServer(answer) {
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const part of request) text += part
    const [status, body] = answer(request.url, text === '' ? undefined : JSON.parse(text)) ?? []
    if (status === undefined) return request.socket.destroy()
    response.writeHead(status, { 'Content-Type': 'application/scim+json' }).end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push({
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
  return `http://127.0.0.1:${server.address().port}`
}

const bookmarkOf = (url) => join(folder, `bookmark ${encodeURIComponent(url)}`)

async function bring(url, users) {
  const bulk = createClient(url).bulk()
  for (const user of users) bulk.users.create(user)
  expect((await bulk.send()).failed).toBe(0)
}

const visitor = (i) => ({ userName: `visitor${i}` })
const employee = (i) => ({ userName: `employee${i}@example.com`, externalId: `payroll-${i}` })

test('existing users keep attributes from other sources', async () => {
  const url = await scimServer()
  const client = createClient(url)
  const boss = await client.users.create({ userName: 'boss' })
  await client.users.create({
    ...employee(0),
    active: false,
    title: 'Countess',
    name: { givenName: 'Augusta', middleName: 'King' },
    emails: [
      { value: 'ada@home.example', type: 'home', primary: true },
      { value: 'ada.old@example.com', type: 'work', display: 'Office' },
    ],
    [enterprise]: { costCenter: '4711', department: 'Poetry', manager: { value: boss.id } },
  })
  const first = await run('--url', url, '--users', '2')
  expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: '' })
  expect(first.stdout).toContain('1 created, 1 updated, 0 unchanged.')
  const ada = await client.users.find(filter`userName eq ${employee(0).userName}`)
  expect(ada).toMatchObject({
    active: false,
    title: 'Countess',
    displayName: 'Ada Lovelace',
    name: { givenName: 'Ada', middleName: 'King', familyName: 'Lovelace' },
    [enterprise]: { costCenter: '4711', department: 'Engineering', employeeNumber: '0', manager: { value: boss.id } },
  })
  expect(ada.emails).toHaveLength(2)
  expect(ada.emails).toEqual(
    expect.arrayContaining([
      { value: 'ada@home.example', type: 'home', primary: true },
      { value: 'employee0@example.com', type: 'work', display: 'Office' },
    ]),
  )
  const second = await run('--url', url, '--users', '2')
  expect(second.stdout).toContain('0 created, 0 updated, 2 unchanged.')
})

test('with several work addresses, that of payroll is added', async () => {
  const url = await scimServer()
  const client = createClient(url)
  const emails = ['ada', 'lady'].map((name) => ({ value: `${name}@example.com`, type: 'work' }))
  await client.users.create({ ...employee(0), emails })
  await run('--url', url, '--users', '1')
  const ada = await client.users.find(filter`userName eq ${employee(0).userName}`)
  expect(ada.emails).toHaveLength(3)
  expect(ada.emails).toContainEqual({ value: 'employee0@example.com', type: 'work', primary: true })
})

test('a bookmark is ignored after the server was emptied', async () => {
  const url = await scimServer()
  await bring(
    url,
    Array.from({ length: 30 }, (_, i) => visitor(i)),
  )
  writeFileSync(bookmarkOf(url), '10')
  const { code, stdout, stderr } = await run('--url', url, '--users', '20')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain(
    'The first 10 were done, but employee9@example.com is not on the server: starting from the beginning.',
  )
  expect(stdout).toContain('20 created, 0 updated, 0 unchanged.\nAll 20 are on the server.')
})

test('missing people before the bookmark are reported, whatever other users exist, and the next run creates them', async () => {
  const url = await scimServer()
  await bring(url, [...Array.from({ length: 30 }, (_, i) => visitor(i)), employee(9), employee(77)])
  writeFileSync(bookmarkOf(url), '10')
  const first = await run('--url', url, '--users', '20')
  expect({ code: first.code, stderr: first.stderr }).toEqual({
    code: 1,
    stderr: '9 of 20 are not on the server, employee0@example.com for one; run it again\n',
  })
  expect(first.stdout).toContain('Continuing after the first 10.')
  const second = await run('--url', url, '--users', '20')
  expect({ code: second.code, stderr: second.stderr }).toEqual({ code: 0, stderr: '' })
  expect(second.stdout).toContain('9 created, 1 updated, 10 unchanged.\nAll 20 are on the server.')
})

test.each([
  { supported: false, maxOperations: 1000 },
  { supported: true, maxOperations: 0 },
  { supported: true, maxOperations: 'many' },
])('a server without bulk requests ends the import: %j', async (bulk) => {
  const url = await otherServer(() => [200, { bulk }])
  const { code, stderr } = await run('--url', url, '--users', '20')
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: 'The server does not support bulk requests (ServiceProviderConfig); the import needs them.\n',
  })
})

test.each([['foo'], [''], ['ftp://app.example/scim'], ['https://app.example/scim?tenant=1']])(
  '--url %j is reported, and no folder is created',
  async (url) => {
    rmSync(folder, { recursive: true })
    const { code, stderr } = await run('--url', url)
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `--url: expected a URL like "https://app.example/scim/v2", got "${url}"\n`,
    })
    expect(existsSync(folder)).toBe(false)
  },
)

test('a token that the server refuses is reported', async () => {
  const url = await otherServer(() => [401, { detail: 'no\r\ntoken\u001b[2J.' }])
  const { code, stderr } = await run('--url', url, '--users', '20')
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr:
      `GET ${url}/ServiceProviderConfig: 401 no  token [2J; ` +
      'set SCIMKIT_TOKEN to a token of this server, and run it again\n',
  })
})

test('an unreachable server is reported, with the position where the next run continues', async () => {
  const url = await otherServer(() => undefined)
  await open.pop().close()
  writeFileSync(bookmarkOf(url), '10')
  const { code, stderr } = await run('--url', url, '--users', '20')
  expect(code).toBe(1)
  expect(stderr).toContain(
    'connection failed; the request was not sent (ECONNREFUSED); check that the server runs, and that this is its URL, ' +
      'and run it again: it continues after 10\n',
  )
  expect(stderr.split('\n')).toHaveLength(2)
})

test('a server that is not a SCIM server is reported', async () => {
  const url = await otherServer(() => [200, 'Welcome'])
  const { code, stderr } = await run('--url', url, '--users', '20')
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr:
      `GET ${url}/ServiceProviderConfig: the response (200) is not a JSON object; ` +
      'check that the URL is the root of a SCIM server, and run it again\n',
  })
})

test('a file in place of the folder is reported', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const { code, stderr } = await run('--folder', file)
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `--folder: expected a folder, or a path where one can be created, got "${file}" (EEXIST)\n`,
  })
})

test('an invalid bookmark is reported', async () => {
  const file = join(folder, 'bookmark own')
  writeFileSync(file, 'half')
  const { code, stderr } = await run('--users', '20')
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `${file}: expected a number, so it is not a bookmark of an import; delete it, and run it again\n`,
  })
})

test('an invalid database is reported', async () => {
  writeFileSync(join(folder, 'people.db'), 'no database, but long enough to be looked at. '.repeat(200))
  const { code, stderr } = await run('--users', '20')
  expect(code).toBe(1)
  expect(stderr).toContain(`${join(folder, 'people.db')}: `)
  expect(stderr.split('\n')).toHaveLength(2)
})

test('a name of another user is reported', async () => {
  const url = await scimServer()
  await bring(url, [{ userName: 'employee3@example.com' }])
  const { code, stderr } = await run('--url', url, '--users', '20')
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr:
      'employee3@example.com: another user has this name, without a payroll number; ' +
      'rename one of the two; run it again\n',
  })
})

/** Accepts five people per request, and closes the connection after this many requests. */
function takingFive(requests) {
  let taken = 0
  return otherServer((path, body) => {
    if (path !== '/Bulk') return [200, { bulk: { supported: true, maxOperations: 5 } }]
    taken += 1
    if (taken > requests) return undefined
    const made = ({ bulkId }) => ({ method: 'POST', bulkId, status: '201', location: `/Users/${bulkId}` })
    return [200, { Operations: body.Operations.map(made) }]
  })
}

test('a server that crashes meanwhile is reported, with the position where the next run continues', async () => {
  const url = await takingFive(1)
  const { code, stdout, stderr } = await run('--url', url, '--users', '20')
  expect(code).toBe(1)
  expect(stderr).toContain(
    `POST ${url}/Bulk: response lost; the write may have been applied (UND_ERR_SOCKET); ` +
      'run it again: it continues after 5\n',
  )
  expect(stderr.split('\n')).toHaveLength(2)
  // The bar is shown before the first request is done.
  expect(stdout).toContain('  0 %   0 of 20\n')
  expect(stdout).toContain(' 25 %   5 of 20   ')
})

test('it ends quietly when its output is closed', async () => {
  const url = await takingFive(100)
  const child = spawn(process.execPath, [main, '--folder', folder, '--url', url, '--users', '200'])
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  child.stdout.once('data', () => child.stdout.destroy())
  const [code] = await once(child, 'close')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})

test('a person that the server refuses is reported', async () => {
  const failed = { status: '400', response: { status: '400', detail: 'no such department' } }
  const url = await otherServer((path, body) => {
    if (path !== '/Bulk') return [200, { bulk: { supported: true, maxOperations: 5 } }]
    return [200, { Operations: body.Operations.map(({ bulkId }) => ({ method: 'POST', bulkId, ...failed })) }]
  })
  const { code, stderr } = await run('--url', url, '--users', '20')
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: 'employee0@example.com: refused 400 no such department; run it again\n',
  })
})

/** A screen that records its output. */
function screenOf(columns) {
  const lines = []
  return { isTTY: true, columns, lines, write: (text) => lines.push(text) }
}

test.each([
  [80, 79],
  [40, 39],
  [12, 11],
  [200, 100],
  [0, 79],
  [undefined, 79],
])('on a terminal of %s columns a line of the bar has at most %s', (columns, most) => {
  const screen = screenOf(columns)
  const bar = progressBar(1_000_000, 3500, screen)
  bar.show(3500)
  expect(screen.lines[0]).toMatch(columns === 12 ? '\r' : '  0 %   3500 of 1000000')
  for (const done of [3501, 400_000, 1_000_000]) bar.show(done)
  for (const line of screen.lines) {
    expect(line.startsWith('\r')).toBe(true)
    expect(line.slice(1, -3).length).toBeLessThanOrEqual(most)
  }
})
