/** The command as its own process and its flags, on memory; durable.test.ts has the tests on databases. */
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { describe, expect, test } from '@jest/globals'
import { versionMismatchUrn } from '@scimkit/core'
import supertest from 'supertest'
import { sendRaw } from '../../../testkit/test/support/raw-socket.js'
import { curlLines } from '../../src/terminal/welcome.js'
import { run, serve } from '../support/command.js'
import { scimJson, user } from '../support/user.js'

const token = 'a-token-of-more-than-32-characters'

const withToken = ['--token', token]

describe.each(['express', 'koa', 'hono'])('on %s', (adapter) => {
  test('--hosts and --trust-proxy: only requests to those hosts are answered, with the host that the proxies report', async () => {
    const flags = ['--adapter', adapter, '--hosts', 'scim.example,*.tenants.example', '--trust-proxy', '2']
    const { agent, root, url } = await serve([...withToken, '--log', 'silent', ...flags])
    expect(url).toBe('https://scim.example/scim/v2')
    const get = (host: string) =>
      agent.get(`${root}/ResourceTypes/User`).set('Host', host).auth(token, { type: 'bearer' })
    const location = 'http://scim.example/scim/v2/ResourceTypes/User'
    expect((await get('scim.example').expect(200)).body.meta.location).toBe(location)
    await get('a.tenants.example').expect(200)
    await get('evil.example').expect(421)
    await agent.get(`${root}/Users`).expect(421)
    const forwarded = await get('inner').set('X-Forwarded-Host', 'evil.example, scim.example, inner').expect(200)
    expect(forwarded.body.meta.location).toBe(location)
  })

  test('no other spelling of an address is answered, and an invalid Host is an error of SCIM', async () => {
    const { port } = await serve([...withToken, '--log', 'silent', '--adapter', adapter])
    const head = `Authorization: Bearer ${token}\r\nConnection: close\r\n\r\n`
    for (const path of ['/SCIM/v2/Users', '/sc%69m/v2/Users', '/x/../scim/v2/Users', '/scim/v2/./Users']) {
      const answer = await sendRaw(Number(port), `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${head}`)
      expect(answer).toMatch(/^HTTP\/1\.1 404 /)
    }
    for (const host of ['[::1', '..', 'a b']) {
      const answer = await sendRaw(Number(port), `GET /scim/v2/Users HTTP/1.1\r\nHost: ${host}\r\n${head}`)
      expect(answer).toMatch(/^HTTP\/1\.1 400 /)
      expect(answer).toContain('"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"]')
    }
  })
})

test('prints one line on stdout, generates a valid token, and logs neither the token nor personal data', async () => {
  const { output, agent, root, child, exited, url } = await serve(['--log', 'json'])
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/scim\/v2$/)
  const made = /^token (scimkit_[0-9a-f]{72})\n$/.exec(output.stderr)?.[1] ?? ''
  expect(made).not.toBe('')
  await agent.get(`${root}/Users`).expect(401)
  await agent.get(`${root}/Users`).auth(`${made}x`, { type: 'bearer' }).expect(401)
  const post = (text: string) => agent.post(`${root}/Users`).auth(made, { type: 'bearer' }).type(scimJson).send(text)
  const created = await post(user('ada@example.com', { password: 'analytical', surprise: 1 })).expect(201)
  expect(created.headers.location).toBe(`${url}/Users/${created.body.id}`)
  await agent.get('/elsewhere').expect(404, /Users/)

  child.kill('SIGTERM')
  expect(await exited).toBe(0)
  expect(output.stdout).toBe(`ready ${url}\n`)
  const log = output.stderr.slice(output.stderr.indexOf('\n') + 1)
  const lines = log
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lines.map(({ kind, method, operation, status }) => [kind, method ?? operation, status])).toEqual([
    ['request', 'GET', 401],
    ['request', 'GET', 401],
    ['write', 'create', undefined],
    ['request', 'POST', 201],
  ])
  expect(lines[2]).toMatchObject({ type: 'User', id: created.body.id, ignored: ['surprise'] })
  // Not `ada` alone: hexadecimal ids and digests may contain it.
  for (const word of ['ada@', 'analytical', made.slice(8)]) expect(log).not.toContain(word)
})

test('the flags reach the core', async () => {
  const flags = [
    '--base-path',
    '/people/',
    '--base-url',
    'https://app.example/people/',
    '--passwords',
    'off',
    '--no-auth',
  ]
  const limits = ['--limit', 'maxPageSize=7', '--limit', 'bulkOperations=3']
  const { agent, output, url } = await serve(
    [...flags, ...limits, '--interop', 'strict,singleForList', '--log', 'pretty'],
    {
      SCIMKIT_TOKEN: token,
    },
  )
  expect(url).toBe('https://app.example/people')
  expect(output.stderr).toContain('WARNING')
  const config = await agent.get('/people/ServiceProviderConfig').expect(200)
  expect(config.body.changePassword.supported).toBe(false)
  expect(config.body.bulk.maxOperations).toBe(3)
  expect(config.body.filter.maxResults).toBe(7)
  const created = await agent
    .post('/people/Users')
    .type(scimJson)
    .send(user('ada', { emails: { value: 'ada@example.com' } }))
  expect([created.status, created.headers.location]).toEqual([201, `${url}/Users/${created.body.id}`])
  await agent.post('/people/Users').type(scimJson).send('{"userName":"grace"}').expect(400)
  expect(output.stderr).toMatch(/ 201 POST User .*ms\n/)
  expect(output.stderr).not.toContain('\u001b')
})

test.each([
  [[], ['title']],
  [['--history', '0'], undefined],
])('with %j a 412 names %j as changed', async (flags, changed) => {
  const { agent, root } = await serve(['--no-auth', '--log', 'silent', ...flags])
  const made = await agent.post(`${root}/Users`).type(scimJson).send(user('ada')).expect(201)
  const put = (title: string) => agent.put(`${root}/Users/${made.body.id}`).type(scimJson).send(user('ada', { title }))
  await put('Countess').expect(200)
  const { body } = await put('Mine')
    .set('If-Match', made.headers.etag ?? '')
    .set('Prefer', 'conflict-details')
    .expect(412)
  expect(body[versionMismatchUrn].changed).toEqual(changed)
})

test('seeds users like those that a client creates', async () => {
  const { agent, root } = await serve(['--seed-users', '250', '--no-auth', '--log', 'silent'])
  const list = await agent.get(`${root}/Users?count=1`).expect(200)
  expect(list.body.totalResults).toBe(250)
  const found = await agent.get(`${root}/Users?filter=userName%20eq%20%22USER249%22`).expect(200)
  const [last] = found.body.Resources
  expect(last).toMatchObject({ userName: 'user249', externalId: 'seed-249', meta: { location: expect.any(String) } })
  expect(JSON.stringify(last).length).toBeGreaterThan(800)
  expect(JSON.stringify(last).length).toBeLessThan(1_600)
  await agent.post(`${root}/Users`).type(scimJson).send(user('user0')).expect(409)
})

test('--port 0 selects a free port and prints it', async () => {
  const first = await serve(['--no-auth', '--port', '0'])
  const second = await serve(['--no-auth', '--port', '0'])
  expect(first.url).not.toBe(second.url)
  for (const { url } of [first, second]) await supertest(url).get('/Users').expect(200)
})

test('prints one line if the port is in use', async () => {
  const { port } = await serve(['--no-auth'])
  const { status, stderr, stdout } = run(['serve', '--store', 'memory', '--port', port, ...withToken])
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toMatch(/^Cannot listen: port \d+ .*--port.*\n$/)
})

test('SIGTERM: accepts no new requests, finishes those in progress, ends with 0', async () => {
  const { child, exited, url, agent, root } = await serve(['--no-auth', '--log', 'silent'])
  await agent.get(`${root}/Users`).set('Connection', 'keep-alive').expect(200)
  // A request whose body is not complete at the time of the signal.
  const address = new URL(`${url}/Users`)
  const body = user('ada')
  const slow = request(address, {
    method: 'POST',
    agent: new Agent({ keepAlive: true }),
    headers: { 'Content-Type': scimJson, 'Content-Length': body.length, Expect: '100-continue' },
  })
  slow.flushHeaders()
  await once(slow, 'continue')
  slow.write(body.slice(0, 10))
  child.kill('SIGTERM')
  const isRefused = (): Promise<boolean> =>
    agent.get(`${root}/Users`).then(
      () => false,
      (error: unknown) => String(error).includes('ECONNREFUSED'),
    )
  while (!(await isRefused())) await new Promise((resolve) => setTimeout(resolve, 20))
  expect(child.exitCode).toBeNull()
  slow.end(body.slice(10))
  const [response] = await once(slow, 'response')
  response.resume()
  expect(response.statusCode).toBe(201)
  // A client that keeps connections must not send the next request on this one.
  expect(response.headers.connection).toBe('close')
  expect(await exited).toBe(0)
})

test.each(['json', 'pretty'])('continues after the reader of its %s log has ended', async (format) => {
  const { child, agent, root, exited } = await serve(['--no-auth', '--log', format])
  child.stdout?.destroy()
  child.stderr?.destroy()
  for (let i = 0; i < 5; i++) await agent.get(`${root}/Users`).expect(200)
  child.kill('SIGTERM')
  expect(await exited).toBe(0)
})

test('the pasted lines of the welcome work', async () => {
  for (const args of [withToken, ['--no-auth']]) {
    const { url, child, exited } = await serve([...args, '--log', 'silent'])
    const lines = curlLines(url, args === withToken ? token : undefined, 'ada')
    const { stdout, stderr, status } = spawnSync('bash', ['-s'], {
      input: `${[...lines, lines[2]].join('\n')}\n`,
      encoding: 'utf8',
    })
    expect({ status, answers: `${stderr}${stdout}`.match(/HTTP\/1\.1 \d+/g) }).toEqual({
      status: 0,
      answers: ['HTTP/1.1 201', 'HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 412'],
    })
    expect(stdout).toContain('"title":"Countess"')
    child.kill('SIGINT')
    expect(await exited).toBe(0)
  }
})
