/** The HTTP endpoint: callers, paths, methods, bodies, and what revision 2026-07-28 demands of a server. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import {
  allow,
  allowOnly,
  createScim,
  type JsonObject,
  refuse,
  tenantFromPath,
  tenantId,
  withTenant,
} from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { type McpOptions, scimMcp } from '../../src/index.js'
import { byToken } from '../support/callers.js'
import { jsonOf, modern, modernMeta, type Posted, post } from '../support/post.js'

const endpoint = (options: Partial<McpOptions> = {}) =>
  scimMcp({ provider: memoryProvider(), authenticate: byToken, onError: () => undefined, ...options })

const list: Posted = modern('tools/list')
const message: JsonObject = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: modernMeta } }
const call = (name: string, given: JsonObject): Posted => modern('tools/call', { name, arguments: given })
const toolNames = async (options: Partial<McpOptions>): Promise<readonly string[]> => {
  const { result } = jsonOf(await post(endpoint(options), list))
  return ((result as JsonObject).tools as JsonObject[]).map(({ name }) => String(name))
}
const structured = (json: JsonObject): JsonObject => (json.result as JsonObject).structuredContent as JsonObject

describe('callers', () => {
  test('without credentials: 401 with a challenge, and a SCIM error body', async () => {
    const response = await post(endpoint(), { ...list, headers: { ...list.headers, authorization: 'Bearer x' } })
    expect(response.status).toBe(401)
    expect(response.headers['WWW-Authenticate']).toContain('Bearer')
    expect(jsonOf(response)).toMatchObject({ status: '401' })
  })

  test('the tenant is that of the token, compared with that of the path', async () => {
    const options = { path: '/:tenant/mcp', authenticate: withTenant(tenantFromPath(), byToken) }
    const handler = endpoint(options)
    expect((await post(handler, { ...list, target: '/acme/mcp' })).status).toBe(200)
    const foreign = await post(handler, { ...list, target: '/globex/mcp' })
    const nobody = await post(handler, { ...list, target: '/nobody/mcp' })
    expect(foreign.status).toBe(401)
    expect(foreign.body).toEqual(nobody.body)
  })

  test('locations are those of SCIM, with the parameters of the path', async () => {
    const provider = memoryProvider()
    const authenticate = withTenant(tenantFromPath(), byToken)
    const handler = endpoint({ provider, authenticate, path: '/:tenant/mcp', basePath: '/scim/:tenant/v2' })
    const created = call('create_user', { resource: { userName: 'ada' } })
    const { resource } = structured(jsonOf(await post(handler, { ...created, target: '/acme/mcp' })))
    const { id, meta } = resource as JsonObject
    expect((meta as JsonObject).location).toBe(`https://scim.example/scim/acme/v2/Users/${String(id)}`)
  })

  test('rights: tools and attributes that a caller may not use are in no list and no schema', async () => {
    const authorize: McpOptions['authorize'] = ({ kind, type }) => {
      if (type !== 'User') return refuse()
      if (kind === 'get' || kind === 'query') return allowOnly({ readable: { except: ['roles'] } })
      return kind === 'patch'
        ? allowOnly({ readable: { except: ['roles'] }, writable: { except: ['roles', 'active'] } })
        : refuse()
    }
    expect(await toolNames({ authorize })).toEqual([
      'get_user',
      'search_user',
      'preview_user',
      'patch_user',
      'merge_user',
    ])
    const { body } = await post(endpoint({ authorize }), list)
    expect(body).not.toContain('"roles"')
    const refused = jsonOf(await post(endpoint({ authorize }), call('delete_user', { id: 'x', expectedVersion: '1' })))
    expect(refused).toMatchObject({ error: { code: -32_602 } })
  })

  test('a change of an attribute that may not be changed is refused by the write and by its preview', async () => {
    const provider = memoryProvider()
    const created = structured(
      jsonOf(await post(endpoint({ provider }), call('create_user', { resource: { userName: 'ada' } }))),
    )
    const authorize: McpOptions['authorize'] = ({ kind, type }) =>
      kind === 'patch' && type === 'User' ? allowOnly({ writable: { except: ['title'] } }) : allow
    const operations = [{ op: 'replace', path: 'title', value: 'X' }]
    const [id, expectedVersion] = [String(created.id), String(created.version)]
    for (const [tool, given] of Object.entries({
      patch_user: { id, expectedVersion, operations },
      merge_user: { id, expectedVersion, operations, base: created.resource ?? null },
      preview_user: { id, operations },
    })) {
      const result = structured(jsonOf(await post(endpoint({ provider, authorize }), call(tool, given))))
      expect([tool, result]).toMatchObject([tool, { outcome: 'error', status: 403 }])
      expect(String(result.detail)).toContain('title')
    }
  })

  test('read-only: no tool that writes exists', async () => {
    const names = await toolNames({ readOnly: true })
    expect(names).toEqual(['get_user', 'search_user', 'preview_user', 'get_group', 'search_group', 'preview_group'])
    const answer = await post(endpoint({ readOnly: true }), call('delete_user', { id: 'x', expectedVersion: '1' }))
    expect(jsonOf(answer)).toMatchObject({ error: { code: -32_602 } })
  })
})

describe('the write budget', () => {
  const limiter = () => {
    const keys: string[] = []
    let left = 1
    return {
      keys,
      take(key: string) {
        keys.push(key)
        return left-- > 0 ? ({ kind: 'allowed' } as const) : ({ kind: 'limited', seconds: 7 } as const)
      },
    }
  }

  test('is of a token, and not of its reads; a used one is an error result that says how long to wait', async () => {
    const counting = limiter()
    const handler = endpoint({ writeBudget: { limiter: counting, perSecond: 1, burst: 1 } })
    const create = (userName: string) => post(handler, call('create_user', { resource: { userName } }))
    await post(handler, call('search_user', {}))
    // Arguments that do not fit take nothing.
    await post(handler, call('create_user', {}))
    expect(counting.keys).toEqual([])
    expect(structured(jsonOf(await create('ada')))).toMatchObject({ outcome: 'success' })
    const refused = structured(jsonOf(await create('bob')))
    expect(refused).toMatchObject({ outcome: 'error', status: 429, retryAfterSeconds: 7 })
    expect(counting.keys).toEqual([
      JSON.stringify(['agentWrites', 'acme', 'agent']),
      JSON.stringify(['agentWrites', 'acme', 'agent']),
    ])
    expect(structured(jsonOf(await post(handler, call('search_user', {}))))).toMatchObject({ totalResults: 1 })
  })

  test.each([
    { perSecond: 0, burst: 1 },
    { perSecond: 1, burst: 0 },
    { perSecond: Number.NaN, burst: 1 },
  ])('an invalid one is a TypeError: %p', (rate) => {
    expect(() => endpoint({ writeBudget: { limiter: limiter(), ...rate } })).toThrow(/options\.writeBudget/)
  })
})

describe('options', () => {
  test.each<readonly [Partial<McpOptions>, RegExp]>([
    [{ path: '' }, /options\.path/],
    [{ path: 'mcp' }, /basePath/],
    [{ origins: ['app.example'] }, /options\.origins/],
    [{ bounds: { textLength: 0 } }, /options\.bounds\.textLength/],
    [{ unknown: true } as never, /unknown option "unknown"/],
  ])('%p is a TypeError', (options, message) => {
    expect(() => endpoint(options)).toThrow(message)
  })

  test('bounds: texts and lists are shortened, and named', async () => {
    const handler = endpoint({ bounds: { textLength: 5, listLength: 1 } })
    const resource = { userName: 'ada', title: 'Countess', emails: [{ value: 'a@x' }, { value: 'b@x' }] }
    const result = structured(jsonOf(await post(handler, call('create_user', { resource }))))
    expect(result).toMatchObject({ resource: { title: 'Count', emails: [{ value: 'a@x' }] } })
    expect(result.altered).toEqual(expect.arrayContaining(['title', 'emails']))
  })
})

describe('requests', () => {
  test.each<readonly [string, Posted, number, JsonObject | undefined]>([
    ['a GET', { ...list, method: 'GET' }, 405, { error: { code: -32_000 } }],
    ['a DELETE', { ...list, method: 'DELETE' }, 405, { error: { code: -32_000 } }],
    ['a PUT', { ...list, method: 'PUT' }, 405, { error: { code: -32_000 } }],
    ['no JSON', { ...list, body: new TextEncoder().encode('{"a"') }, 400, { error: { code: -32_700 }, id: null }],
    [
      'a duplicate key',
      { ...list, body: new TextEncoder().encode('{"jsonrpc":"2.0","id":1,"id":2,"method":"tools/list"}') },
      400,
      { error: { code: -32_700 } },
    ],
    ['an empty body', { ...list, body: new Uint8Array() }, 400, { error: { code: -32_700 } }],
    ['1 MB and more', { ...list, body: new TextEncoder().encode(`{"a":"${'x'.repeat(1_100_000)}"}`) }, 413, undefined],
    ['another media type', { ...list, headers: { ...list.headers, 'content-type': 'text/plain' } }, 415, undefined],
    ['a page of a browser', { ...list, headers: { ...list.headers, origin: 'https://evil.example' } }, 403, undefined],
    ['a header field beyond Latin-1', { ...list, headers: { ...list.headers, 'mcp-name': 'İ' } }, 400, undefined],
    ['an origin that is null', { ...list, headers: { ...list.headers, origin: 'null' } }, 403, undefined],
    ['subscriptions/listen', modern('subscriptions/listen', { notifications: {} }), 404, { error: { code: -32_601 } }],
    ['an unknown method', modern('tools/drop'), 404, { error: { code: -32_601 } }],
    ['no JSON-RPC', { ...list, body: { a: 1 } }, 400, { error: {} }],
    ['null', { ...list, body: null }, 400, { error: {} }],
    ['a number', { ...list, body: 7 }, 400, { error: {} }],
    ['a batch', { ...list, body: [message, message] }, 400, { error: { code: -32_600 } }],
    ['an empty batch', { ...list, body: [] }, 400, { error: {} }],
  ])('%s', async (_, posted, status, json) => {
    const response = await post(endpoint(), posted)
    expect([response.status, response.body]).toEqual([status, response.body])
    if (json !== undefined) expect(jsonOf(response)).toMatchObject(json)
    if (status === 405) expect(response.headers.Allow).toBe('POST')
  })

  test('an allowed origin', async () => {
    const handler = endpoint({ origins: ['https://app.example'] })
    const headers = { ...list.headers, origin: 'https://app.example' }
    expect((await post(handler, { ...list, headers })).status).toBe(200)
  })

  test('other paths are of other handlers', () => {
    const handler = endpoint()
    for (const target of ['/mcp', '/mcp?a=1']) expect([target, handler.matches(target)]).toEqual([target, true])
    for (const target of ['/', '/mcp/x', '/mcpx', '/x/mcp', '/MCP', '/%6dcp']) {
      expect([target, handler.matches(target)]).toEqual([target, false])
    }
  })
})

describe('revision 2026-07-28: what the conformance suite does not ask', () => {
  test('the header fields must be those of the body', async () => {
    for (const [name, value] of Object.entries({
      'mcp-method': 'tools/call',
      'mcp-protocol-version': '2025-11-25',
    })) {
      const response = await post(endpoint(), { ...list, headers: { ...list.headers, [name]: value } })
      expect([name, response.status]).toEqual([name, 400])
    }
    const wrongName = call('get_user', { id: 'x' })
    const response = await post(endpoint(), {
      ...wrongName,
      headers: { ...wrongName.headers, 'mcp-name': 'get_group' },
    })
    expect(response.status).toBe(400)
  })

  test('an unknown revision is refused with those that are supported', async () => {
    const body = {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/list',
      params: { _meta: { ...modernMeta, 'io.modelcontextprotocol/protocolVersion': '2099-01-01' } },
    }
    const response = await post(endpoint(), {
      headers: { ...list.headers, 'mcp-protocol-version': '2099-01-01' },
      body,
    })
    expect(response.status).toBe(400)
    expect(response.body).toContain('2026-07-28')
  })

  test('there are no sessions: no header of one, and requests need none', async () => {
    const response = await post(endpoint(), list)
    expect(Object.keys(response.headers).map((name) => name.toLowerCase())).not.toContain('mcp-session-id')
    expect(response).toMatchObject({ status: 200, headers: { 'Content-Type': 'application/json' } })
  })

  test('the server introduces itself with the version of the package', async () => {
    const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
    const { version } = JSON.parse(manifest) as { version: string }
    const { result } = jsonOf(await post(endpoint(), list))
    expect((result as JsonObject)._meta).toEqual({ 'io.modelcontextprotocol/serverInfo': { name: 'scimkit', version } })
  })

  test('server/discover: the revisions, the capabilities and instructions about versions', async () => {
    const { result } = jsonOf(await post(endpoint(), modern('server/discover')))
    expect(result).toMatchObject({ capabilities: { tools: {}, resources: {} } })
    expect(JSON.stringify(result)).toContain('2026-07-28')
    expect(JSON.stringify(result)).toContain('expectedVersion')
  })

  test('a list is not to be shared between callers', async () => {
    const { result } = jsonOf(await post(endpoint(), list))
    expect(result).toMatchObject({ cacheScope: 'private' })
  })

  test('a notification is accepted without an answer', async () => {
    const { headers } = modern('notifications/cancelled')
    const body = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1, _meta: modernMeta } }
    const response = await post(endpoint(), { headers: headers ?? {}, body })
    expect(response).toMatchObject({ status: 202, body: null })
  })

  test('ids of requests come back as they were sent', async () => {
    for (const id of [0, -1, 'a', '']) {
      expect(jsonOf(await post(endpoint(), modern('tools/list', {}, id))).id).toBe(id)
    }
  })
})

describe('large resources', () => {
  test('a group with more members than a preview compares is refused, and shown in part', async () => {
    const provider = memoryProvider()
    const scim = createScim({ provider })
    const members = Array.from({ length: 5_001 }, (_, i) => ({ value: `member-${i}` }))
    const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'All', members }
    const context = scim.context({ tenant: tenantId('acme') })
    const created = await scim.perform({ kind: 'create', type: 'Group', body }, context)
    const id = created.kind === 'created' ? created.value.ref.id : ''
    const handler = endpoint({ provider })
    const shown = structured(jsonOf(await post(handler, call('get_group', { id }))))
    expect(shown).toMatchObject({ outcome: 'success', altered: ['members'] })
    expect((shown.resource as JsonObject).members).toHaveLength(100)
    const operations = [{ op: 'replace', path: 'displayName', value: 'Everyone' }]
    const preview = structured(jsonOf(await post(handler, call('preview_group', { id, operations }))))
    expect(preview).toMatchObject({ outcome: 'error', status: 400, scimType: 'tooMany' })
    const expectedVersion = String(shown.version)
    const added = call('add_group_members', { id, expectedVersion, members: ['one-more'] })
    expect(structured(jsonOf(await post(handler, added)))).toMatchObject({ outcome: 'success', id })
  })
})

describe('failures', () => {
  test('a store that fails: an error result without its text, reported, and never a success', async () => {
    const errors: unknown[] = []
    const provider = memoryProvider()
    const fault = new Error('password of the database')
    const broken = { ...provider, read: () => Promise.reject(fault), insert: () => Promise.reject(fault) }
    const handler = endpoint({ provider: broken, onError: (error) => errors.push(error) })
    for (const posted of [call('get_user', { id: 'x' }), call('create_user', { resource: { userName: 'ada' } })]) {
      const response = await post(handler, posted)
      expect(structured(jsonOf(response))).toMatchObject({ outcome: 'error', status: 500 })
      expect(response.body).not.toContain('password')
    }
    expect(errors.length).toBeGreaterThanOrEqual(2)
  })

  test('an authorizer that fails: an error of the protocol without its text', async () => {
    const errors: unknown[] = []
    const authorize = () => Promise.reject(new Error('password of the database'))
    const response = await post(endpoint({ authorize, onError: (error) => errors.push(error) }), list)
    expect(jsonOf(response)).toMatchObject({ error: { code: -32_603 } })
    expect(response.body).not.toContain('password')
    expect(errors.length).toBeGreaterThan(0)
  })
})
