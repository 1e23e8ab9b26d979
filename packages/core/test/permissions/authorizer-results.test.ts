/** The results of the host’s authorizer: permission, refusal, or a failure. */
import { describe, expect, test } from '@jest/globals'
import { type Authorizer, allow, refuse, scimError } from '../../src/index.js'
import { bulk, counting, create, remove } from '../bulk/support/bulk-requests.js'
import { group, made, serve, user } from '../support/server.js'
import { noCalls } from './support/authorizers.js'

describe('the results of the host', () => {
  const failures: readonly (readonly [string, Authorizer])[] = [
    ...[
      undefined,
      null,
      true,
      false,
      1,
      'allow',
      {},
      [],
      ['allow'],
      { kind: 'Allow' },
      { kind: 'deny' },
      { allow: true },
      // Masks are not supported, so a result with them must not be read as one that permits everything.
      { kind: 'allow', readable: ['userName'] },
      Object.assign(Object.create({ readable: ['userName'] }), { kind: 'allow' }),
      Object.defineProperty({ kind: 'allow' }, 'writable', { value: [], enumerable: false }),
      { kind: 'allow', [Symbol('readable')]: [] },
      { kind: 'allow', writable: [] },
      { kind: 'allow', detail: 'x' },
      { kind: 'refuse', detail: 5 },
      { kind: 'refuse', status: 404 },
      () => allow,
    ].map((answer): readonly [string, Authorizer] => [
      typeof answer === 'function' ? 'a function' : `${JSON.stringify(answer)}`,
      () => answer as unknown as ReturnType<Authorizer>,
    ]),
    ['a promise of nothing', async () => undefined as never],
    ['a rejection', () => Promise.reject(new Error('no table'))],
    [
      'an exception',
      () => {
        throw new Error('no table')
      },
    ],
    ['a rejection without an error', () => Promise.reject()],
  ]

  test.each(failures)('%s: 500, reported to onError, and nothing is read or done', async (_, authorize) => {
    const { provider, calls } = counting()
    const server = serve({ provider, authorize })
    for (const answer of [
      await server.get('/Users'),
      await server.get('/'),
      await server.del('/Users/x'),
      await server.post('/Users', user('ada')),
      await server.get('/Schemas'),
    ]) {
      expect(answer).toMatchObject({ status: 500, json: { status: '500' } })
      expect(answer.text).toContain('nothing was done')
      expect(answer.text).not.toContain('no table')
    }
    expect(server.errors).toHaveLength(5)
    expect(calls).toEqual(noCalls)
  })

  test.each(failures)('%s, in a bulk request: 500 of that operation', async (_, authorize) => {
    const { provider, calls } = counting()
    const server = serve({
      provider,
      authorize: (request, context) => (request.kind === 'bulk' ? allow : authorize(request, context)),
    })
    const { statuses } = await bulk(server, [
      remove('/Users/x'),
      create('a', group('a', ['bulkId:b'])),
      create('b', group('b', ['bulkId:a'])),
    ])
    expect(statuses).toEqual(['500', '500', '500'])
    expect(server.errors).toHaveLength(3)
    expect(calls).toEqual(noCalls)
  })

  test('refuse, with a text or without; forbidden thrown is the same', async () => {
    for (const [authorize, detail] of [
      [() => refuse(), 'This operation is not permitted.'],
      [() => refuse('Ask your administrator.'), 'Ask your administrator.'],
      [async () => ({ kind: 'refuse', detail: 'Later.' }), 'Later.'],
      [
        () => {
          throw scimError.forbidden('Thrown.')
        },
        'Thrown.',
      ],
    ] as const satisfies readonly (readonly [Authorizer, string])[]) {
      for (const path of ['/Users', '/', '/Users/x', '/Schemas']) {
        const { status, json } = await serve({ authorize }).get(path)
        expect([status, json]).toEqual([
          403,
          { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], detail, status: '403' },
        ])
      }
    }
  })

  test('another ScimError ends the operation with that error, also a search of all types', async () => {
    const { provider, calls } = counting()
    const server = serve({
      provider,
      authorize: ({ type }) => {
        if (type === 'Group') throw scimError.unavailable('The permissions are not known yet.', 5)
        return allow
      },
    })
    for (const path of ['/Groups', '/Groups/x', '/']) {
      expect(await server.get(path)).toMatchObject({ status: 503, headers: { 'Retry-After': '5' } })
    }
    expect(calls).toEqual(noCalls)
  })

  test('a result may be asynchronous', async () => {
    const authorize: Authorizer = async ({ kind }) => {
      await new Promise((resolve) => setTimeout(resolve, 1))
      return kind === 'remove' ? refuse() : { kind: 'allow' }
    }
    const server = serve({ authorize })
    const { path } = await made(server, user('ada'))
    expect((await server.del(path)).status).toBe(403)
    expect((await server.get(path)).status).toBe(200)
  })

  test.each([null, true, 'allow', {}])('%j is not an authorizer', (authorize) => {
    expect(() => serve({ authorize: authorize as unknown as Authorizer })).toThrow('options.authorize')
  })

  test('without an authorizer every authenticated caller may do everything', async () => {
    const server = serve()
    const { path } = await made(server, user('ada'))
    expect((await server.del(path)).status).toBe(204)
  })
})
