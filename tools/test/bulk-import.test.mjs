/** The import, when things are not as it would like them: what it leaves alone, what it finds out, and how it ends. */
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

const main = fileURLToPath(new URL('../../examples/dist/bulk-import/main.js', import.meta.url))
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

/** Runs the import in the test's folder; gives how it ended, and what it printed. */
function run(...flags) {
  return new Promise((resolve) => {
    const args = [main, '--folder', folder, ...flags]
    execFile(process.execPath, args, { timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : (error.code ?? error.signal), stdout, stderr }),
    )
  })
}

/** A SCIM server with nobody on it. */
async function scimServer() {
  const server = await serve(memoryProvider())
  open.push(server)
  return server.url
}

/** A server that answers as the test says: `answer(path, body)` gives `[status, body]`, or nothing to hang up. */
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

const somebodyElse = (i) => ({ userName: `visitor${i}` })
const employee = (i) => ({ userName: `employee${i}@example.com`, externalId: `payroll-${i}` })

test('whoever is there already keeps what others have given them', async () => {
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
  expect(first.stdout).toContain('1 created, 1 brought up to date, 0 there already.')
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
  expect(second.stdout).toContain('0 created, 0 brought up to date, 2 there already.')
})

test('of several work addresses none is taken for payroll’s: it is added', async () => {
  const url = await scimServer()
  const client = createClient(url)
  const emails = ['ada', 'lady'].map((name) => ({ value: `${name}@example.com`, type: 'work' }))
  await client.users.create({ ...employee(0), emails })
  await run('--url', url, '--users', '1')
  const ada = await client.users.find(filter`userName eq ${employee(0).userName}`)
  expect(ada.emails).toHaveLength(3)
  expect(ada.emails).toContainEqual({ value: 'employee0@example.com', type: 'work', primary: true })
})

test('a bookmark is not believed of a server that has been emptied', async () => {
  const url = await scimServer()
  await bring(
    url,
    Array.from({ length: 30 }, (_, i) => somebodyElse(i)),
  )
  writeFileSync(bookmarkOf(url), '10')
  const { code, stdout, stderr } = await run('--url', url, '--users', '20')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain(
    'The first 10 were done, but employee9@example.com is not on the server: beginning at the start.',
  )
  expect(stdout).toContain('20 created, 0 brought up to date, 0 there already.\nAll 20 are on the server.')
})

test('who is missing before the bookmark is missed, however many others there are, and the next run makes them', async () => {
  const url = await scimServer()
  await bring(url, [...Array.from({ length: 30 }, (_, i) => somebodyElse(i)), employee(9), employee(77)])
  writeFileSync(bookmarkOf(url), '10')
  const first = await run('--url', url, '--users', '20')
  expect({ code: first.code, stderr: first.stderr }).toEqual({
    code: 1,
    stderr: '9 of 20 are not on the server, employee0@example.com for one; run it again\n',
  })
  expect(first.stdout).toContain('Going on after the first 10.')
  const second = await run('--url', url, '--users', '20')
  expect({ code: second.code, stderr: second.stderr }).toEqual({ code: 0, stderr: '' })
  expect(second.stdout).toContain('9 created, 1 brought up to date, 10 there already.\nAll 20 are on the server.')
})

test.each([
  { supported: false, maxOperations: 1000 },
  { supported: true, maxOperations: 0 },
  { supported: true, maxOperations: 'many' },
])('a server that takes no bulk requests ends it: %j', async (bulk) => {
  const url = await otherServer(() => [200, { bulk }])
  const { code, stderr } = await run('--url', url, '--users', '20')
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: 'This server takes no bulk requests, as its ServiceProviderConfig says; the import needs them.\n',
  })
})

test.each([['foo'], [''], ['ftp://app.example/scim'], ['https://app.example/scim?tenant=1']])(
  '--url %j is told, and nothing is made',
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

test('a token that the server does not take is told', async () => {
  const url = await otherServer(() => [401, { detail: 'no\r\ntoken\u001b[2J.' }])
  const { code, stderr } = await run('--url', url, '--users', '20')
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr:
      `GET ${url}/ServiceProviderConfig: 401 no  token [2J; ` +
      'put the token that this server wants into SCIMKIT_TOKEN, and run it again\n',
  })
})

test('a server that does not run is told, with where the next run goes on', async () => {
  const url = await otherServer(() => undefined)
  await open.pop().close()
  writeFileSync(bookmarkOf(url), '10')
  const { code, stderr } = await run('--url', url, '--users', '20')
  expect(code).toBe(1)
  expect(stderr).toContain(
    'there is no connection (ECONNREFUSED); see that the server runs, and that this is its URL, ' +
      'and run it again: it goes on after 10\n',
  )
  expect(stderr.split('\n')).toHaveLength(2)
})

test('what is no SCIM server is told', async () => {
  const url = await otherServer(() => [200, 'Welcome'])
  const { code, stderr } = await run('--url', url, '--users', '20')
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr:
      `GET ${url}/ServiceProviderConfig: the answer (200) is no JSON object; ` +
      'see that the URL is the root of a SCIM server, and run it again\n',
  })
})

test('a folder that is a file is told', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const { code, stderr } = await run('--folder', file)
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `--folder: expected a folder, or one that can be made, got "${file}" (EEXIST)\n`,
  })
})

test('a bookmark that is none is told', async () => {
  const file = join(folder, 'bookmark own')
  writeFileSync(file, 'half')
  const { code, stderr } = await run('--users', '20')
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `${file}: expected a number, so it is no bookmark of an import; delete it, and run it again\n`,
  })
})

test('data that is none is told', async () => {
  writeFileSync(join(folder, 'people.db'), 'no database, but long enough to be looked at. '.repeat(200))
  const { code, stderr } = await run('--users', '20')
  expect(code).toBe(1)
  expect(stderr).toContain(`${join(folder, 'people.db')}: `)
  expect(stderr.split('\n')).toHaveLength(2)
})

test('a name that somebody else has is told', async () => {
  const url = await scimServer()
  await bring(url, [{ userName: 'employee3@example.com' }])
  const { code, stderr } = await run('--url', url, '--users', '20')
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr:
      'employee3@example.com: somebody else has this name, without a payroll number; ' +
      'rename one of the two; run it again\n',
  })
})

/** Takes five people in a request, and hangs up after so many requests. */
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

test('a server that dies in the middle is told, with where the next run goes on', async () => {
  const url = await takingFive(1)
  const { code, stdout, stderr } = await run('--url', url, '--users', '20')
  expect(code).toBe(1)
  expect(stderr).toContain(
    `POST ${url}/Bulk: the answer was lost; whether anything was changed is not known (UND_ERR_SOCKET); ` +
      'run it again: it goes on after 5\n',
  )
  expect(stderr.split('\n')).toHaveLength(2)
  // The bar is there before the first request is done.
  expect(stdout).toContain('  0 %   0 of 20\n')
  expect(stdout).toContain(' 25 %   5 of 20   ')
})

test('it ends quietly when nobody reads what it says', async () => {
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

test('somebody whom the server does not take is told', async () => {
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

/** A screen that keeps what is written to it. */
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
])('on a terminal of %s columns a line of the bar has %s at most', (columns, most) => {
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
