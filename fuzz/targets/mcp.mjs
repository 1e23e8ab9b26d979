/** Calls of tools by both protocol revisions: an answer for each, no failure of the server, and no write without a success. */
import assert from 'node:assert'
import { createScim, noAuthentication, tenantId } from '@scimkit/core'
import { scimMcp } from '@scimkit/mcp'
import { memoryProvider } from '@scimkit/memory-provider'
import { Ajv2020 } from 'ajv/dist/2020.js'

/** After so many writes the server is replaced, so that memory stays bounded. */
const mostWrites = 300

const meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'fuzz', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
}
const usual = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }

async function startServer() {
  const seen = { writes: 0, errors: [] }
  const options = {
    provider: memoryProvider({ history: 3 }),
    authenticate: noAuthentication(),
    onEvent: ({ kind }) => {
      if (kind === 'write') seen.writes += 1
    },
    onError: (error) => seen.errors.push(error),
  }
  const handler = scimMcp(options)
  const send = (text, headers) =>
    handler.handle({
      method: 'POST',
      target: '/mcp',
      mount: '',
      scheme: 'https',
      host: 'scim.example',
      header: (name) => headers[name],
      body: async (limit) => {
        const bytes = new TextEncoder().encode(text)
        return bytes.length > limit ? { kind: 'tooLarge' } : { kind: 'bytes', bytes }
      },
    })
  const scim = createScim(options)
  const context = scim.context({ tenant: tenantId('default') })
  const make = async (type, body) => {
    const { value } = await scim.perform({ kind: 'create', type, body }, context)
    return { id: value.ref.id, version: value.version }
  }
  const core = 'urn:ietf:params:scim:schemas:core:2.0'
  const user = await make('User', { schemas: [`${core}:User`], userName: 'ada', title: 'Miss' })
  const group = await make('Group', { schemas: [`${core}:Group`], displayName: 'Team', members: [{ value: user.id }] })
  const { tools } = JSON.parse((await send(request('tools/list', {}), headersOf('tools/list'))).body).result
  return { seen, send, user, group, tools: new Map(tools.map((tool) => [tool.name, tool])) }
}

const request = (method, params) =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: meta } })

const headersOf = (method, name) => ({
  ...usual,
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': method,
  ...(name !== undefined && { 'mcp-name': name }),
})

const ajv = new Ajv2020({ strict: false })
const validators = new Map()
let server

export const target = {
  name: 'mcp',
  // A text is a name of a tool and its arguments, or a whole message of JSON-RPC. $id and $version are of a resource that exists.
  generate: (random) => {
    const [name, given] = random.pick(calls)(random)
    return JSON.stringify({ name, arguments: given })
  },
  words: [
    ...[
      '{"name":"get_user","arguments":',
      '"patch_user"',
      '"$id"',
      '"$version"',
      '"expectedVersion":',
      '"operations":[',
    ],
    ...[
      '{"op":"replace","path":"',
      '"value":',
      '"base":{',
      '"resource":{',
      '"members":["',
      '"filter":"',
      '"conditions":[',
    ],
    ...['{"jsonrpc":"2.0","id":1,"method":"', '"tools/call"', '"params":{', '"_meta":{}', '__proto__', 'null', '1e999'],
    ...['emails[type eq \\"work\\"].value', 'members[value eq \\"1\\"]', '\\u202e', '\\u0000', 'urn:ietf:params:scim:'],
  ],
  async check(text) {
    if (server === undefined || server.seen.writes > mostWrites) server = await startServer()
    const { seen, send, tools } = server
    const { id, version } = text.includes('group') ? server.group : server.user
    const filled = text.replaceAll('$id', id).replaceAll('$version', version)
    const before = seen.writes
    const { message, headers, name } = messageOf(filled)
    const response = await send(message, headers)
    assert.ok(response.status >= 200 && response.status < 500, `status ${response.status}: ${response.body}`)
    assert.deepEqual(seen.errors, [])
    const json = jsonIn(response)
    const result = json?.result?.structuredContent
    if (result?.outcome !== 'success') assert.equal(seen.writes, before, `a write with ${response.body}`)
    if (result === undefined) return
    assert.ok(result.outcome !== 'error' || result.status < 500, response.body)
    assert.equal(json.result.isError === true, result.outcome !== 'success')
    if (!validators.has(name)) validators.set(name, ajv.compile(tools.get(name).outputSchema))
    const validate = validators.get(name)
    assert.ok(validate(result), `not of the output schema of ${name}: ${JSON.stringify(validate.errors)}`)
    // The version of the resource that later cases name; an outdated one would only test conflicts.
    if (typeof result.version === 'string' && result.id === id)
      Object.assign(server[text.includes('group') ? 'group' : 'user'], { version: result.version })
    if (name?.startsWith('delete_') && result.outcome === 'success') server = undefined
  },
}

// A call with the header fields that it needs; other texts are sent as they are.
function messageOf(text) {
  try {
    const { name, arguments: given, jsonrpc } = JSON.parse(text)
    if (typeof name === 'string' && jsonrpc === undefined && isFieldValue(name)) {
      return {
        message: request('tools/call', { name, arguments: given }),
        headers: headersOf('tools/call', name),
        name,
      }
    }
    const { method, params } = JSON.parse(text)
    if (typeof method === 'string' && isFieldValue(method)) {
      return { message: text, headers: headersOf(method, params?.name), name: params?.name }
    }
  } catch {
    // Not JSON, or no object.
  }
  return { message: text, headers: usual, name: undefined }
}

const isFieldValue = (text) => [...text].every((one) => one > ' ' && one <= '~')

function jsonIn({ headers, body }) {
  if (body === null) return undefined
  if (!headers['Content-Type']?.startsWith('text/event-stream')) return JSON.parse(body)
  const data = body.split('\n').find((line) => line.startsWith('data: '))
  return data === undefined ? undefined : JSON.parse(data.slice('data: '.length))
}

const text = (random) =>
  random.pick(['ada', 'Countess', '', 'x'.repeat(1_500), 'a\u202eb', '\u0000', 'urn:x', '2026-01-01T00:00:00Z'])
const anything = (random) =>
  random.pick([
    text(random),
    0,
    -1,
    1.5,
    true,
    null,
    [],
    {},
    [text(random)],
    { value: text(random) },
    [{ value: text(random) }],
  ])
const path = (random) =>
  random.pick([
    'title',
    'active',
    'name.familyName',
    'emails',
    'emails[type eq "work"]',
    'emails[type eq "work"].value',
    'members',
    'userName',
    'id',
    'meta',
    'roles',
    'x',
    'displayName',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager',
  ])
const operations = (random) =>
  Array.from({ length: 1 + random.below(3) }, () => ({
    op: random.pick(['add', 'replace', 'remove']),
    path: path(random),
    value: anything(random),
  }))
const version = (random) => (random.oneIn(5) ? random.pick(['1', '*', 'W/"1"', '0-x']) : '$version')
const at = (random) => ({ id: random.oneIn(10) ? text(random) : '$id', expectedVersion: version(random) })
const user = (random) => ({
  userName: random.pick(['ada', 'eve', `p${random.below(1_000)}`]),
  ...(random.oneIn(2) && { title: text(random) }),
  ...(random.oneIn(3) && { name: { familyName: text(random) }, emails: [{ value: text(random), type: 'work' }] }),
  ...(random.oneIn(6) && { [path(random)]: anything(random) }),
})
const condition = (random) => ({
  attribute: random.pick(['userName', 'emails.value', 'active', 'meta.lastModified', 'x']),
  operator: random.pick(['eq', 'co', 'pr', 'gt', 'is']),
  value: anything(random),
})

/** A call that is valid, or nearly. */
const calls = [
  (random) => [
    random.pick(['get_user', 'get_group']),
    { id: '$id', ...(random.oneIn(3) && { attributes: [path(random)] }) },
  ],
  (random) => [
    random.pick(['search_user', 'search_group']),
    { conditions: [condition(random)], count: random.below(5), ...(random.oneIn(3) && { sortBy: 'userName' }) },
  ],
  () => ['search_user', { filter: 'emails[type eq "work" and value co "@"] or not (title pr)' }],
  (random) => ['create_user', { resource: user(random), ...(random.oneIn(3) && { idempotencyKey: text(random) }) }],
  (random) => ['create_group', { resource: { displayName: text(random), members: [{ value: '$id' }] } }],
  (random) => [random.pick(['patch_user', 'patch_group']), { ...at(random), operations: operations(random) }],
  (random) => [random.pick(['preview_user', 'preview_group']), { id: '$id', operations: operations(random) }],
  (random) => ['merge_user', { ...at(random), base: { ...user(random), id: '$id' }, operations: operations(random) }],
  (random) => ['merge_group', { ...at(random), base: { displayName: text(random) }, operations: operations(random) }],
  (random) => ['replace_user', { ...at(random), resource: user(random) }],
  (random) => ['replace_group', { ...at(random), resource: { displayName: text(random), members: anything(random) } }],
  (random) => [
    random.pick(['add_group_members', 'remove_group_members']),
    { ...at(random), members: [text(random), '$id'] },
  ],
  (random) => ['deactivate_user', at(random)],
  (random) => [random.oneIn(20) ? 'delete_user' : 'delete_group', { ...at(random), expectedVersion: 'x' }],
]
