/** A provider that returns values outside the interface: reported at once, with the function and the rule. */
import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import type { ResourceProvider } from '../../src/entry-points/provider.js'
import { type Answered, made, mount, patchOp, type Server, serve, user } from '../support/server.js'

type Broken = Readonly<Partial<Record<keyof ResourceProvider, unknown>>>

// The result of a host without types may not be a ResourceProvider; these tests use such results.
function returning(name: keyof ResourceProvider, value: unknown): ResourceProvider {
  const broken: Broken = { [name]: () => value }
  return { ...memoryProvider({ history: 5 }), ...broken } as ResourceProvider
}

/** A server whose provider is correct until `breakNow` is called. */
async function serverThatBreaks(name: keyof ResourceProvider, value: unknown) {
  const sound = memoryProvider({ history: 5 })
  let isBroken = false
  const original = sound[name] as (...args: readonly unknown[]) => unknown
  const provider = {
    ...sound,
    [name]: (...args: readonly unknown[]) => (isBroken ? value : original(...args)),
  } as ResourceProvider
  const server = serve({ provider })
  const { id } = await made(server, user('ada'))
  isBroken = true
  server.events.length = 0
  return { server, path: `/Users/${id}`, id }
}

type Asking = (server: Server, path: string) => Promise<Answered>

const asking: Readonly<Record<string, Asking>> = {
  read: (server, path) => server.get(path),
  query: (server) => server.get('/Users'),
  insert: (server) => server.post('/Users', user('grace')),
  replace: (server, path) => server.patch(path, [{ op: 'replace', path: 'title', value: 'Countess' }]),
  remove: (server, path) => server.del(path),
}

const version = '1-a'
const good = { ref: { type: 'User', id: '1' }, version, created: '', lastModified: '', resource: {} }
const { ref: _ref, ...withoutRef } = good
const { version: _version, ...withoutVersion } = good
const { resource: _resource, ...withoutDocument } = good
const pageOf = (resource: unknown) => ({ resources: [resource], totalResults: 1 })
const versionForm = 'a text of 1 to 256 visible ASCII characters without a double quote'
const storedForm = '{ ref, version, created, lastModified, resource | json }'
const kinds = {
  insert: "expected { kind: 'success' | 'alreadyCreated' | 'duplicate' | 'unknownMembers' | 'overQuota' }",
  replace:
    "expected { kind: 'success' | 'versionMismatch' | 'notFound' | 'alreadyCreated' | 'duplicate' | 'unknownMembers' }",
  remove: "expected { kind: 'success' | 'versionMismatch' | 'notFound' }",
}

const wrong: readonly (readonly [name: keyof ResourceProvider & string, value: unknown, reason: string])[] = [
  ['read', null, `null: expected undefined or ${storedForm}`],
  ['read', [good], `an array of 1: expected undefined or ${storedForm}`],
  ['read', 'gone', `a string: expected undefined or ${storedForm}`],
  ['read', withoutVersion, `: expected version: ${versionForm}`],
  ['read', { ...good, version: 7 }, `version: number, created: string`],
  ['read', { ...good, version: 'W/"1"' }, `: expected version: ${versionForm}`],
  ['read', withoutRef, ': expected ref: { type, id }, two texts'],
  ['read', { ...good, created: new Date(0) }, ': expected created and lastModified: RFC 3339 texts'],
  ['read', withoutDocument, ': expected resource: an object, or json: the text of one'],
  ['read', { ...withoutDocument, json: {} }, ': expected resource: an object, or json: the text of one'],
  ['read', { ...good, members: { a: 1 } }, ': expected members: an array, or none'],
  ['query', undefined, 'undefined: expected { resources, totalResults, next? }'],
  ['query', [good], 'an array of 1: expected { resources, totalResults, next? }'],
  ['query', { totalResults: 0 }, '{ totalResults: number }: expected resources: an array'],
  ['query', { resources: [] }, '{ resources: array }: expected totalResults: a whole number'],
  ['query', { resources: [], totalResults: '12' }, ': expected totalResults: a whole number'],
  ['query', pageOf(null), `: in resources[0]: expected ${storedForm}`],
  ['query', pageOf(withoutVersion), `: in resources[0]: expected version: ${versionForm}`],
  ['query', pageOf(withoutRef), ': in resources[0]: expected ref: { type, id }, two texts'],
  ['insert', undefined, `undefined: ${kinds.insert}`],
  ['insert', { version, at: '' }, `{ version: string, at: string }: ${kinds.insert}`],
  ['insert', { kind: 'ok' }, `{ kind: "ok" }: ${kinds.insert}`],
  ['insert', { kind: 'success' }, '{ kind: "success" }: expected value: { version, at }'],
  ['insert', { kind: 'success', value: { at: '' } }, `: expected value.version: ${versionForm}`],
  ['insert', { kind: 'success', value: { version } }, ': expected value.at: an RFC 3339 text'],
  ['insert', { kind: 'success', value: { version, at: '', id: 7 } }, ': expected value.id: a text, or none'],
  ['insert', { kind: 'duplicate' }, ': expected attribute: the path of the attribute that is taken'],
  ['insert', { kind: 'unknownMembers' }, ': expected ids: an array of the ids that no resource has'],
  ['replace', { kind: 'overQuota' }, `{ kind: "overQuota" }: ${kinds.replace}`],
  ['remove', { kind: 'overQuota' }, `{ kind: "overQuota" }: ${kinds.remove}`],
  ['replace', undefined, `undefined: ${kinds.replace}`],
  ['replace', true, `a boolean: ${kinds.replace}`],
  ['replace', { rowCount: 1 }, `{ rowCount: number }: ${kinds.replace}`],
  ['replace', { kind: 'success', value: undefined }, ': expected value: { version, at }'],
  ['replace', { kind: 'success', value: { version: '', at: '' } }, `: expected value.version: ${versionForm}`],
  ['replace', { kind: 'versionMismatch' }, `: expected current, the current version: ${versionForm}`],
  [
    'replace',
    { kind: 'versionMismatch', current: 3 },
    '{ kind: "versionMismatch", current: number }: expected current',
  ],
  ['remove', undefined, `undefined: ${kinds.remove}`],
  ['remove', 1, `a number: ${kinds.remove}`],
  ['remove', { kind: 'versionMismatch', expected: version }, ': expected current, the current version'],
  ['remove', { kind: 'success' }, 'expected value: { affected: [{ ref, version }] }'],
  ['remove', { kind: 'success', value: { affected: [{ ref: { id: '1' }, version }] } }, 'expected value: { affected:'],
]

describe('a provider of another shape', () => {
  test.each(wrong.map(([name, value, reason], i) => [`${i} ${name}`, name, value, reason] as const))(
    '%s is reported, and the client gets 500',
    async (_, name, value, reason) => {
      const { server, path } = await serverThatBreaks(name, value)
      const answer = await (asking[name] ?? (() => Promise.reject(new Error(name))))(server, path)
      expect(answer.status).toBe(500)
      expect(answer.headers).not.toHaveProperty('ETag')
      const [error] = server.errors
      expect(error).toBeInstanceOf(TypeError)
      expect(String(error)).toContain(`provider.${name} returned `)
      expect(String(error)).toContain(reason)
      expect(server.events).toMatchObject([{ kind: 'request', status: 500 }])
    },
  )

  test('is the same where it returns a promise of it', async () => {
    const { server, path } = await serverThatBreaks('replace', Promise.resolve({ ok: true }))
    expect((await server.put(path, user('ada', { title: 'Countess' }))).status).toBe(500)
    expect(String(server.errors[0])).toContain('provider.replace returned { ok: boolean }: expected { kind: ')
  })

  test('is reported by names and types, never by values', async () => {
    const { server, path } = await serverThatBreaks('read', { ...withoutVersion, resource: { userName: 'ada' } })
    await server.get(path)
    expect(String(server.errors[0])).toContain(
      'returned { ref: object, created: string, lastModified: string, resource: object }: ',
    )
    expect(String(server.errors[0])).not.toContain('ada')
  })

  test('may leave out the total of a keyset page, but nothing else', async () => {
    const next = serve({ provider: returning('query', { resources: [], totalResults: undefined }) })
    expect((await next.get('/Users?cursor=')).status).toBe(200)
    const wrongNext = serve({ provider: returning('query', { resources: [], totalResults: 0, next: 5 }) })
    expect((await wrongNext.get('/Users?cursor=')).status).toBe(500)
    expect(String(wrongNext.errors[0])).toContain('expected next: a text, or none')
  })

  test('a wrong history leaves the 412 as it is, without what changed', async () => {
    const { server, path } = await serverThatBreaks('history', [{ version }])
    const stale = { 'If-Match': 'W/"0-stale"', Prefer: 'conflict-details' }
    expect((await server.patch(path, [{ op: 'remove', path: 'title' }], stale)).status).toBe(412)
    expect(String(server.errors[0])).toContain(
      'provider.history returned an array of 1: expected in each entry version',
    )
  })

  test('a wrong cursor key', async () => {
    const server = serve({ provider: returning('cursorKey', 5) })
    for (const name of ['a', 'b']) await made(server, user(name))
    expect((await server.get('/Users?cursor=&count=1')).status).toBe(500)
    expect(String(server.errors[0])).toContain('provider.cursorKey returned a number: expected a secret text')
  })

  test('a missing function is reported at the start, or where a provider depends on the request, at once', async () => {
    const { replace: _replace, ...four }: ResourceProvider = memoryProvider()
    const provider = four as ResourceProvider
    expect(() => serve({ provider })).toThrow('provider.replace: expected a function, got undefined')
    const late = serve({ provider: () => provider })
    expect((await late.ask({ target: `${mount}/Users` })).status).toBe(500)
    expect(String(late.errors[0])).toContain('provider.replace: expected a function, got undefined')
    const none = serve({ provider: () => undefined as unknown as ResourceProvider })
    await none.ask({ target: `${mount}/Users` })
    expect(String(none.errors[0])).toContain('provider.read: expected a function, got undefined')
  })

  test('in a bulk request only its own operation fails', async () => {
    const { server, path } = await serverThatBreaks('replace', { kind: 'done' })
    const answer = await server.post('/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [
        {
          method: 'PATCH',
          path,
          data: { schemas: [patchOp], Operations: [{ op: 'add', path: 'title', value: 'x' }] },
        },
        { method: 'POST', path: '/Users', bulkId: 'a', data: user('grace') },
      ],
    })
    expect(answer.json.Operations).toMatchObject([{ status: '500' }, { status: '201' }])
    expect(String(server.errors[0])).toContain('provider.replace returned { kind: "done" }')
  })
})
