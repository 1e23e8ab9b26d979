/** `scimkit serve --pooler` behind a real PgBouncer in transaction mode that has two server connections. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { loadTraces, traceContract, viaHttp } from '@scimkit/testkit'
import { hasPgBouncer, type PgBouncer, startPgBouncer } from '../../../sql-provider/test/support/pgbouncer.js'
import { run, type Served, serve } from '../support/command.js'
import { databases, type TestDatabase } from '../support/databases.js'
import { scimJson, user } from '../support/user.js'

const token = 'a-token-of-more-than-32-characters'
const clients = 50
const postgres = databases.find(({ name }) => name === 'PostgreSQL')
const traces = await loadTraces()

if (postgres === undefined || !hasPgBouncer) test.skip('needs SCIMKIT_TEST_POSTGRES and PgBouncer', () => undefined)
else
  describe('behind PgBouncer', () => {
    let database: TestDatabase
    let bouncer: PgBouncer
    beforeEach(async () => {
      database = await postgres.make()
      bouncer = await startPgBouncer(database.flags[1] ?? '', { default_pool_size: '2' })
    })
    afterEach(async () => {
      await bouncer.stop()
      await database.drop()
    })

    test('every trace of a client passes, then 50 concurrent clients lose no write', async () => {
      const flags = ['--store', bouncer.url, '--pooler', '--interop', 'entra', '--token', token, '--log', 'silent']
      const server = await serve(flags)
      const exchange = viaHttp(server.url)
      const failures: unknown[] = []
      for (const { title, run: play } of traceContract(traces, exchange, { token })) {
        await play().catch((error: unknown) => failures.push([title, String(error)]))
      }
      exchange.close()
      expect(failures).toEqual([])

      const { body: group } = await send(server, 'post', '/Groups', 201, {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
        displayName: 'all',
      })
      await Promise.all(Array.from({ length: clients }, (_, i) => work(server, String(group.id), i)))
      const { body: all } = await send(server, 'get', `/Groups/${group.id}`, 200)
      expect(all.members).toHaveLength(clients)
      const { body: found } = await send(server, 'get', '/Users?filter=title%20eq%20%224%22&count=0', 200)
      expect(found.totalResults).toBe(clients)
    })

    test('without --pooler it ends with one line that names the option', () => {
      const { status, stdout, stderr } = run(['serve', '--store', bouncer.url, '--port', '0', '--no-auth'])
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toMatch(/^Cannot use PostgreSQL at 127\.0\.0\.1:.*unsupported startup parameter.*--pooler.*\n$/)
    })
  })

async function send(
  { agent, root }: Served,
  method: 'get' | 'post' | 'put' | 'patch',
  path: string,
  expected: number | readonly number[],
  body?: object,
  tag = '*',
): Promise<{ readonly body: Record<string, unknown>; readonly tag: string }> {
  const request = agent[method](`${root}${path}`).auth(token, { type: 'bearer' }).type(scimJson)
  if (method === 'put') request.set('If-Match', tag)
  const answer = await request.send(body === undefined ? undefined : JSON.stringify(body))
  const accepted = [expected].flat()
  if (!accepted.includes(answer.status)) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
  return { body: answer.body, tag: answer.headers.etag ?? '' }
}

/** The requests of one client: it creates a user, changes it four times with If-Match, and adds it to the common group. */
async function work(server: Served, group: string, client: number): Promise<void> {
  const name = `client${client}`
  let held = await send(server, 'post', '/Users', 201, JSON.parse(user(name)))
  const { id } = held.body
  for (let title = 1; title <= 4; title++) {
    held = await send(server, 'put', `/Users/${id}`, 200, JSON.parse(user(name, { title: `${title}` })), held.tag)
  }
  // 204 if another client has changed the members since.
  await send(server, 'patch', `/Groups/${group}`, [200, 204], {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'add', path: 'members', value: [{ value: id }] }],
  })
  const { body } = await send(server, 'get', `/Users?filter=userName%20eq%20%22${name}%22`, 200)
  expect(body.totalResults).toBe(1)
}
