/** /Me. RFC 7644 §3.11. */
import { describe, expect, test } from '@jest/globals'
import { type MePolicy, type ResourceRef, scimError, tenantId } from '../../src/index.js'
import { base, enterprise, group, made, mount, patchOp, type Server, serve, user } from '../support/server.js'

/** A server whose callers are identified by their token, and are the users of `known`. */
function withMe(known: Map<string, ResourceRef>, me: MePolicy = ({ principal }) => known.get(principal ?? '')): Server {
  return serve({
    me,
    authenticate: (request) => {
      const principal = request.header('authorization')
      return { tenant: tenantId('t'), ...(principal !== undefined && { principal }) }
    },
  })
}

async function place(): Promise<{ server: Server; id: string; tag: string; known: Map<string, ResourceRef> }> {
  const known = new Map<string, ResourceRef>()
  const server = withMe(known)
  const { id, tag } = await made(server, user('ada', { title: 'Countess' }))
  known.set('ada', { type: 'User', id })
  return { server, id, tag, known }
}

const ada = { authorization: 'ada' }

describe('every operation on a resource works on the caller’s own, and returns its permanent location', () => {
  test('GET and HEAD', async () => {
    const { server, id, tag } = await place()
    const direct = await server.get(`/Users/${id}`, ada)
    const mine = await server.get('/Me', ada)
    expect(mine).toEqual({ ...direct, headers: { ...direct.headers, Location: `${base}/Users/${id}` } })
    expect(await server.get('/Me?attributes=title', ada)).toMatchObject({
      status: 200,
      json: { id, title: 'Countess' },
    })
    expect((await server.get('/Me?attributes=title', ada)).json).not.toHaveProperty('userName')
    const head = await server.ask({ method: 'HEAD', target: `${mount}/Me/`, headers: ada })
    expect(head).toMatchObject({ status: 200, text: null, headers: { ETag: tag, Location: `${base}/Users/${id}` } })
  })

  test('PUT', async () => {
    const { server, id } = await place()
    const answer = await server.put('/Me', user('ada', { title: 'Lady' }), ada)
    expect(answer).toMatchObject({
      status: 200,
      json: { id, title: 'Lady' },
      headers: { Location: `${base}/Users/${id}` },
    })
    expect((await server.get(`/Users/${id}`, ada)).json).toMatchObject({ title: 'Lady' })
  })

  test('PATCH', async () => {
    const { server, id } = await place()
    const answer = await server.patch('/Me', [{ op: 'replace', path: 'title', value: 'Lady' }], ada)
    expect(answer).toMatchObject({ status: 200, json: { title: 'Lady' }, headers: { Location: `${base}/Users/${id}` } })
    expect(server.writes().at(-1)).toMatchObject({ operation: 'patch', type: 'User', id, principal: 'ada' })
  })

  test('DELETE; the resource does not exist then', async () => {
    const { server, id } = await place()
    const answer = await server.del('/Me', ada)
    expect(answer).toMatchObject({ status: 204, text: null, headers: { Location: `${base}/Users/${id}` } })
    expect((await server.get('/Me', ada)).status).toBe(404)
  })

  test('a group, or any other resource of the caller', async () => {
    const known = new Map<string, ResourceRef>()
    const server = withMe(known)
    const { id } = await made(server, group('robots'))
    known.set('robot', { type: 'Group', id })
    expect(await server.get('/Me', { authorization: 'robot' })).toMatchObject({
      status: 200,
      json: { displayName: 'robots' },
      headers: { Location: `${base}/Groups/${id}` },
    })
  })
})

describe('in any answer, Location is the permanent location (§3.11: MUST)', () => {
  const located = async (run: (server: Server, tag: string) => ReturnType<Server['ask']>, status: number) => {
    const { server, id, tag } = await place()
    const answer = await run(server, tag)
    expect({ status: answer.status, location: answer.headers.Location }).toEqual({
      status,
      location: `${base}/Users/${id}`,
    })
  }
  const stale = { ...ada, 'if-match': 'W/"0-x"' }

  test('304', () => located((server, tag) => server.get('/Me', { ...ada, 'if-none-match': tag }), 304))
  test('412 on GET', () => located((server) => server.get('/Me', stale), 412))
  test('412 on PUT', () => located((server) => server.put('/Me', user('ada'), stale), 412))
  test('412 on DELETE', () => located((server) => server.del('/Me', stale), 412))
  test('400 of a document', () => located((server) => server.put('/Me', { schemas: [enterprise] }, ada), 400))
  test('400 of a patch', () => located((server) => server.patch('/Me', [{ op: 'move' }], ada), 400))
  test('400 of a projection', () => located((server) => server.get('/Me?attributes=a&excludedAttributes=b', ada), 400))
  test('409', () =>
    located(async (server) => {
      await made(server, user('bob'))
      return server.patch('/Me', [{ op: 'replace', path: 'userName', value: 'BOB' }], ada)
    }, 409))
  test('a stored scimType and detail are unchanged', async () => {
    const { server, id } = await place()
    const direct = await server.patch(`/Users/${id}`, [{ op: 'move' }], ada)
    expect((await server.patch('/Me', [{ op: 'move' }], ada)).json).toEqual(direct.json)
  })
})

describe('unknown user', () => {
  test('a caller without a resource: 404, and nothing is changed', async () => {
    const { server } = await place()
    const writes = server.writes().length
    for (const headers of [{ authorization: 'eve' }, {}] as Readonly<Record<string, string>>[]) {
      for (const answer of [
        await server.get('/Me', headers),
        await server.put('/Me', user('eve'), headers),
        await server.patch('/Me', [], headers),
        await server.del('/Me', headers),
      ]) {
        expect(answer).toMatchObject({ status: 404 })
        expect(answer.headers).not.toHaveProperty('Location')
      }
    }
    expect(server.writes()).toHaveLength(writes)
  })

  test('a resource of another tenant does not count', async () => {
    let tenant = 'one'
    const known = new Map<string, ResourceRef>()
    const server = serve({
      me: ({ principal }) => known.get(principal ?? ''),
      authenticate: () => ({ tenant: tenantId(tenant), principal: 'ada' }),
    })
    const { id } = await made(server, user('ada'))
    known.set('ada', { type: 'User', id })
    expect((await server.get('/Me')).status).toBe(200)
    tenant = 'two'
    expect((await server.get('/Me')).status).toBe(404)
  })
})

describe('methods and paths', () => {
  test('POST is 501: the resource of a known caller exists already, and other callers are unknown', async () => {
    const { server } = await place()
    expect((await server.post('/Me', user('x'), ada)).status).toBe(501)
  })

  test('others are 405 with the supported methods', async () => {
    const { server } = await place()
    for (const method of ['OPTIONS', 'TRACE', 'FOO']) {
      const { status, headers } = await server.ask({ method, target: `${mount}/Me`, headers: ada })
      expect({ status, allow: headers.Allow }).toEqual({ status: 405, allow: 'GET, HEAD, PUT, PATCH, DELETE' })
    }
  })

  test.each(['/Me/x', '/Me/.search', '/me', '/Me/x/y'])('%s does not exist', async (path) => {
    const { server } = await place()
    expect((await server.get(path, ada)).status).toBe(404)
  })

  test('bodies follow the same rules: 413, 415', async () => {
    const server = serve({ me: () => ({ type: 'User', id: 'x' }), limits: { bodyBytes: 50, groupBodyBytes: 500 } })
    expect((await server.put('/Me', {}, { 'content-length': '51' })).status).toBe(413)
    expect((await server.put('/Me', {}, { 'content-type': 'text/plain' })).status).toBe(415)
  })
})

describe('the host', () => {
  test('without a policy: 501 for every request, and discovery does not mention it', async () => {
    const server = serve()
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      expect((await server.ask({ method, target: `${mount}/Me`, body: {} })).status).toBe(501)
    }
    const [plain, able] = await Promise.all(
      [server, serve({ me: () => undefined })].map(async (one) => (await one.get('/ServiceProviderConfig')).text),
    )
    expect(able).toBe(plain)
  })

  test('a policy may be asynchronous, and may refuse', async () => {
    const { server: plain, id } = await place()
    expect(plain).toBeDefined()
    const slow = withMe(new Map(), async () => ({ type: 'User', id }))
    expect((await slow.get('/Me')).status).toBe(404)
    const refusing = withMe(new Map(), () => {
      throw scimError.forbidden('No.')
    })
    expect(await refusing.get('/Me')).toMatchObject({ status: 403, json: { detail: 'No.' } })
  })

  test('one that fails, or names an unknown type, is 500, never 404', async () => {
    for (const me of [() => ({ type: 'Robot', id: '1' }), () => Promise.reject(new Error('down'))] as MePolicy[]) {
      const server = withMe(new Map(), me)
      expect((await server.get('/Me')).status).toBe(500)
      expect(server.errors).toHaveLength(1)
    }
  })

  test.each([null, 'User', {}])('%j is not a policy', (me) => {
    expect(() => serve({ me: me as unknown as MePolicy })).toThrow('options.me')
  })

  test('without HTTP: the outcome, and the location', async () => {
    const { server, id } = await place()
    const context = server.scim.context({ tenant: tenantId('t'), principal: 'ada', baseUrl: base })
    const outcome = await server.scim.perform({ kind: 'me', operation: { kind: 'get' } }, context)
    expect(outcome).toMatchObject({ kind: 'me', location: `${base}/Users/${id}`, outcome: { kind: 'success' } })
    const body = { schemas: [patchOp], Operations: [{ op: 'add', path: 'title', value: 'x' }] }
    const nobody = server.scim.context({ tenant: tenantId('t') })
    expect(await server.scim.perform({ kind: 'me', operation: { kind: 'patch', body } }, nobody)).toEqual({
      kind: 'notFound',
    })
  })
})
