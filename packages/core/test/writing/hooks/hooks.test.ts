/** The host's code around a write: what it receives, when it is called, and what its errors do. */
import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import type { ChangeHooks, ScimHooks } from '../../../src/hooks/hooks.js'
import {
  type Change,
  createScim,
  noAuthentication,
  type PendingChange,
  scimError,
  tenantId,
} from '../../../src/index.js'
import type { JsonObject } from '../../../src/json/value.js'
import type { Unit } from '../../../src/provider/unit.js'
import { core, groupUrn, made, serve, user } from '../../support/server.js'

interface Call {
  readonly hook: 'before' | 'inTransaction' | 'after'
  readonly change: Readonly<Record<string, unknown>>
}

/** Hooks for users and groups that record every call. */
function recording(): { readonly calls: Call[]; readonly hooks: ScimHooks } {
  const calls: Call[] = []
  const hooks = {
    before(change: PendingChange<never>): undefined {
      calls.push({ hook: 'before', change: { ...change } })
    },
    inTransaction(change: Change<never>, unit: Unit): unknown {
      return unit.run(() => calls.push({ hook: 'inTransaction', change: { ...change } }))
    },
    after(change: object): void {
      calls.push({ hook: 'after', change: change as Call['change'] })
    },
  }
  return { calls, hooks: { User: hooks, Group: hooks } as unknown as ScimHooks }
}

const crew = (displayName: string, ...ids: readonly string[]): JsonObject => ({
  schemas: [groupUrn],
  displayName,
  members: ids.map((value) => ({ value })),
})

describe('hooks are called for every write, in order', () => {
  test('create, replace, patch and remove', async () => {
    const { calls, hooks } = recording()
    const server = serve({ hooks })
    const { path, id } = await made(server, user('ann', { title: 'A' }))
    await server.put(path, user('ann', { title: 'B' }))
    await server.patch(path, [{ op: 'replace', path: 'active', value: false }])
    await server.del(path)
    expect(calls.map(({ hook, change }) => `${hook} ${String(change.kind)}`)).toEqual(
      ['create', 'replace', 'patch', 'remove'].flatMap((kind) => [
        `before ${kind}`,
        `inTransaction ${kind}`,
        `after ${kind}`,
      ]),
    )
    const befores = calls.filter(({ hook }) => hook === 'before').map(({ change }) => change)
    expect(befores).toMatchObject([
      { ref: { type: 'User', id }, before: undefined, next: { userName: 'ann' }, changed: [], deprovisioned: false },
      { before: { title: 'A' }, next: { title: 'B' }, changed: ['title'], deprovisioned: false },
      { before: { title: 'B' }, next: { active: false }, changed: ['active'], deprovisioned: true },
      { before: { active: false }, next: undefined, changed: [], deprovisioned: true },
    ])
    const afters = calls.filter(({ hook }) => hook === 'after').map(({ change }) => change)
    expect(afters.map(({ after }) => (after as JsonObject | undefined)?.title)).toEqual(['A', 'B', 'B', undefined])
    expect(afters.every(({ context }) => (context as { tenant: string }).tenant === 'default')).toBe(true)
  })

  test('a write that changes nothing, and one that is refused, call none', async () => {
    const { calls, hooks } = recording()
    const server = serve({ hooks })
    const { path } = await made(server, user('ann'))
    calls.length = 0
    await server.put(path, user('ann'))
    await server.put(path, { ...user('ann'), userName: '' })
    await server.put(path, user('ann', { title: 'B' }), { 'If-Match': 'W/"1-0000000000000000-000000000000"' })
    await server.del('/Users/none')
    expect(calls).toEqual([])
  })

  test('members of a group: the delta, not the list', async () => {
    const { calls, hooks } = recording()
    const server = serve({ hooks })
    const [ann, ben] = [await made(server, user('ann')), await made(server, user('ben'))]
    const created = await server.post('/Groups', crew('Crew', ann.id))
    calls.length = 0
    await server.patch(`/Groups/${String(created.json.id)}`, [
      { op: 'add', path: 'members', value: [{ value: ben.id }] },
      { op: 'remove', path: `members[value eq "${ann.id}"]` },
    ])
    expect(calls.map(({ change }) => [change.members, change.changed])).toEqual(
      Array(3).fill([{ add: [{ value: ben.id }], remove: [ann.id] }, ['members']]),
    )
    expect(calls[0]?.change.next).not.toHaveProperty('members')
  })

  test('a group that loses a removed member gets `after` alone, without documents', async () => {
    const { calls, hooks } = recording()
    const server = serve({ hooks })
    const ann = await made(server, user('ann'))
    const created = await server.post('/Groups', crew('Crew', ann.id))
    calls.length = 0
    await server.del(ann.path)
    const cascades = calls.filter(({ change }) => change.kind === 'cascade')
    expect(cascades).toMatchObject([
      {
        hook: 'after',
        change: {
          ref: { type: 'Group', id: created.json.id },
          removed: { type: 'User', id: ann.id },
          before: undefined,
          after: undefined,
          deprovisioned: false,
        },
      },
    ])
  })

  test('bulk, /Me and perform call them too', async () => {
    const { calls, hooks } = recording()
    const provider = memoryProvider()
    const { id } = await made(serve({ provider, ports: { newId: () => 'ann' } }), user('ann'))
    const server = serve({ provider, hooks, me: () => ({ type: 'User', id }) })
    const bulk = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [{ method: 'POST', path: '/Users', bulkId: 'b', data: user('ben') }],
    }
    await server.post('/Bulk', bulk)
    await server.patch('/Me', [{ op: 'add', path: 'title', value: 'A' }])
    const context = server.scim.context({ tenant: tenantId('default') })
    await server.scim.perform({ kind: 'remove', ref: { type: 'User', id } }, context)
    expect(calls.filter(({ hook }) => hook === 'inTransaction').map(({ change }) => change.kind)).toEqual([
      'create',
      'patch',
      'remove',
    ])
  })
})

describe('before', () => {
  test('refuses with its own error, and nothing is written', async () => {
    const server = serve({
      hooks: {
        User: {
          before({ next }) {
            if (next?.userName.endsWith('@other.example')) throw scimError.forbidden('This domain is not yours.')
          },
        },
      },
    })
    expect(await server.post('/Users', user('ann@other.example'))).toMatchObject({
      status: 403,
      json: { detail: 'This domain is not yours.' },
    })
    expect((await server.get('/Users')).json.totalResults).toBe(0)
    expect(server.writes()).toEqual([])
  })

  test('amends the document; the version is that of the amended one', async () => {
    const server = serve({
      hooks: { User: { before: ({ next }) => next && { ...next, displayName: next.userName.toUpperCase() } } },
    })
    const { path, tag } = await made(server, user('ann'))
    expect(await server.get(path)).toMatchObject({ headers: { ETag: tag }, json: { displayName: 'ANN' } })
    // What the hook makes equal again is a write that changes nothing.
    expect(await server.put(path, user('ann'))).toMatchObject({ status: 200, headers: { ETag: tag } })
  })

  test.each<[string, (next: JsonObject) => unknown]>([
    ['an unknown attribute', (next) => ({ ...next, shoeSize: 44 })],
    ['a value of another type', (next) => ({ ...next, active: 'perhaps' })],
    ['a required attribute removed', ({ userName: _, ...next }) => next],
    ['another id', (next) => ({ ...next, id: 'other' })],
    ['a readOnly attribute', (next) => ({ ...next, groups: [{ value: 'x' }] })],
    ['a password', (next) => ({ ...next, password: 'secret' })],
    ['a date', () => new Date(0)],
    ['a text', () => 'document'],
    [
      'a change of the frozen document',
      (next) => {
        ;(next as { title: string }).title = 'B'
        return next
      },
    ],
  ])('%s is an error of the host: 500, nothing written, the reason in onError', async (_title, amend) => {
    const server = serve({ hooks: { User: { before: ({ next }) => amend(next as unknown as JsonObject) as never } } })
    expect((await server.post('/Users', user('ann'))).status).toBe(500)
    expect((await server.get('/Users')).json.totalResults).toBe(0)
    expect(server.errors).toHaveLength(1)
  })

  test.each<[string, 'User' | 'Group', (next: JsonObject) => unknown]>([
    ['a password in other letter case', 'User', (next) => ({ ...next, PassWord: 'secret' })],
    ['a password after its URN', 'User', (next) => ({ ...next, [`${core}:password`]: 'secret' })],
    ['a password within its URN', 'User', (next) => ({ ...next, [core]: { password: 'secret' } })],
    ['members in other letter case', 'Group', (next) => ({ ...next, Members: [{ value: 'x' }] })],
    ['members within their URN', 'Group', (next) => ({ ...next, [groupUrn]: { members: [{ value: 'x' }] } })],
  ])('%s does not reach the document', async (_title, type, amend) => {
    const server = serve({
      secrets: { write: () => {} },
      hooks: { [type]: { before: ({ next }: PendingChange) => amend(next as unknown as JsonObject) as never } },
    })
    const [path, body] = type === 'User' ? ['/Users', user('ann')] : ['/Groups', crew('Guides')]
    expect((await server.post(path, body)).status).toBe(500)
    expect((await server.get(path)).json.totalResults).toBe(0)
    expect(String(server.errors[0])).toContain(`hooks.${type}.before`)
  })

  test('cannot change the members or the names of the changed attributes', async () => {
    const attempts: unknown[] = []
    const meddle = ({ members, changed }: Pick<PendingChange, 'members' | 'changed'>): undefined => {
      for (const attempt of [
        () => (members?.add as unknown as object[] | undefined)?.push({ value: 'y' }),
        () => Object.assign(members?.add[0] ?? {}, { value: 'y' }),
        () => (changed as string[]).push('title'),
      ]) {
        try {
          attempt()
        } catch (error) {
          attempts.push(error)
        }
      }
    }
    const server = serve({ hooks: { Group: { before: meddle, inTransaction: meddle } } })
    const { path } = await made(server, crew('Guides', 'x'))
    expect((await server.get(path)).json.members).toMatchObject([{ value: 'x' }])
    expect(attempts).toHaveLength(6)
  })

  test('is called again on the state of the concurrent writer', async () => {
    const seen: unknown[] = []
    const provider = memoryProvider()
    const other = serve({ provider })
    const { path } = await made(other, user('ann', { title: 'A' }))
    const server = serve({
      provider,
      hooks: {
        User: {
          async before({ before }) {
            seen.push(before?.title)
            if (seen.length === 1) await other.patch(path, [{ op: 'replace', path: 'title', value: 'B' }])
            return undefined
          },
        },
      },
    })
    expect((await server.patch(path, [{ op: 'add', path: 'nickName', value: 'N' }])).status).toBe(200)
    expect(seen).toEqual(['A', 'B'])
    expect((await server.get(path)).json).toMatchObject({ title: 'B', nickName: 'N' })
  })
})

describe('inTransaction', () => {
  test.each([
    ['a ScimError is the response', () => scimError.uniqueness('The seat is taken.'), 409],
    ['another error is 500', () => new Error('disk'), 500],
  ])('%s, and nothing is written', async (_title, error, status) => {
    let fails = false
    const server = serve({
      hooks: {
        User: {
          inTransaction() {
            if (fails) throw error()
          },
        },
      },
    })
    const { path, tag } = await made(server, user('ann'))
    fails = true
    const writes = server.writes().length
    expect((await server.put(path, user('ann', { title: 'B' }))).status).toBe(status)
    expect((await server.del(path)).status).toBe(status)
    expect((await server.post('/Users', user('ben'))).status).toBe(status)
    expect(await server.get(path)).toMatchObject({ status: 200, headers: { ETag: tag } })
    expect((await server.get('/Users')).json.totalResults).toBe(1)
    expect(server.writes()).toHaveLength(writes)
  })

  test('in memory it is synchronous: a promise is refused', async () => {
    const server = serve({ hooks: { User: { inTransaction: async () => {} } } })
    expect((await server.post('/Users', user('ann'))).status).toBe(500)
    expect(String(server.errors[0])).toContain('returned a promise')
    expect((await server.get('/Users')).json.totalResults).toBe(0)
  })

  test('a function for the unit is called at once, SQL is refused, and the unit ends with the hook', async () => {
    let kept: Unit | undefined
    const results: unknown[] = []
    const server = serve({
      hooks: {
        User: {
          inTransaction(_change, unit) {
            kept = unit
            results.push(unit.run(() => 42))
            expect(() => unit.run({ sql: 'select 1', parameters: [] })).toThrow('the memory provider has no SQL')
          },
        },
      },
    })
    await made(server, user('ann'))
    expect(results).toEqual([42])
    expect(() => kept?.run(() => 1)).toThrow('the unit of work has ended')
  })

  test('is refused for a provider that does not support it', async () => {
    const { supports: _, ...provider } = memoryProvider()
    const options = { authenticate: noAuthentication(), hooks: { User: { inTransaction: () => {} } } }
    expect(() => createScim({ ...options, provider })).toThrow('options.hooks.User.inTransaction: the provider')
    const server = serve({ ...options, provider: () => provider })
    expect((await server.post('/Users', user('ann'))).status).toBe(500)
  })
})

describe('after', () => {
  test.each([
    ['throws', () => Promise.reject(new Error('mail'))],
    [
      'throws at once',
      () => {
        throw new Error('mail')
      },
    ],
  ])('a failure goes to onError: %s', async (_title, after) => {
    const server = serve({ hooks: { User: { after } } })
    expect((await server.post('/Users', user('ann'))).status).toBe(201)
    await new Promise((resume) => setImmediate(resume))
    expect(server.errors).toMatchObject([{ message: 'mail' }])
  })
})

describe('the option is checked', () => {
  test.each<[string, unknown, string]>([
    ['an unknown type', { Robot: {} }, 'no resource type "Robot"'],
    ['an unknown hook', { User: { afterwards: () => {} } }, 'unknown hook "afterwards"'],
    ['no function', { User: { before: true } }, 'options.hooks.User.before: expected a function'],
    ['no object', { User: () => {} }, 'expected an object of hooks'],
  ])('%s', (_title, hooks, message) => {
    expect(() => serve({ hooks: hooks as ScimHooks })).toThrow(message)
  })
})

test('hooks of other types have the types of their schema, or those of any resource', () => {
  interface Device {
    readonly schemas: readonly string[]
    readonly id: string
    readonly serial: string
  }
  const Device: ChangeHooks<Device> = {
    before: ({ next }) => next && { ...next, serial: next.serial.trim() },
    async after({ kind, after }) {
      if (kind === 'create') expect(after.serial).toBe('1')
    },
  }
  const hooks: ScimHooks = {
    Device,
    Robot: {
      async before({ next, context }) {
        if (next?.shoeSize !== undefined) throw scimError.forbidden(context.tenant)
      },
    },
    // @ts-expect-error A hook of another name.
    Car: { afterwards() {} },
  }
  expect(Object.keys(hooks)).toEqual(['Device', 'Robot', 'Car'])
})

test('hooks have the types of RFC 7643', () => {
  const hooks: ScimHooks = {
    User: {
      before({ next }) {
        // @ts-expect-error A User has no such attribute.
        if (next?.shoeSize) throw scimError.forbidden('')
      },
      inTransaction({ kind, before, after }) {
        if (kind === 'patch') return [before.userName, after.emails?.[0]?.value]
        // @ts-expect-error A created resource has no state before.
        return kind === 'create' ? before.userName : undefined
      },
    },
    Group: { after: ({ after }) => void after?.displayName.length },
  }
  expect(Object.keys(hooks)).toEqual(['User', 'Group'])
})
