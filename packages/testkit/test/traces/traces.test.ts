import { describe, expect, test } from '@jest/globals'
import { bearerToken, type Interop } from '@scimkit/core'
import { bind, type Exchange, loadTraces, runTrace, type Trace, traceContract, viaHttp } from '@scimkit/testkit'
import { serve } from '../support/serve.js'

const token = 'a-token-of-32-characters-or-more-it-is'
const traces = await loadTraces()
const withoutCompat = traces.filter(({ compat }) => compat === undefined)

test('there are 125 traces, each with a name and steps with expectations', () => {
  expect(traces).toHaveLength(125)
  expect(new Set(traces.map(({ id }) => id)).size).toBe(125)
  for (const { id, name, steps } of traces) {
    expect([id, name, steps.length]).toEqual([id, expect.stringMatching(/./), expect.any(Number)])
    const expecting = steps.filter(({ expect: expectation = {} }) => Object.keys(expectation).length > 0)
    expect([id, expecting.length]).not.toEqual([id, 0])
  }
})

test('two traces need a switch that only Entra has', () => {
  expect(traces.filter(({ compat }) => compat !== undefined).map(({ compat }) => compat)).toEqual([
    'patchReplaceCreatesMissing',
    'acceptForeignSchemas',
  ])
})

describe.each<{ mode: Interop; played: typeof traces }>([
  { mode: 'entra', played: traces },
  { mode: 'lenient', played: withoutCompat },
])('over HTTP through Express, interop $mode', ({ mode, played }) => {
  const server = serve({ interop: mode, authenticate: bearerToken(token) })
  bind({ test }, traceContract(played, server.exchange, { token }))
})

describe('the runner', () => {
  const trace = (steps: Trace['steps']): Trace => ({ name: 'n', client: 'c', source: 's', quirks: [], steps })
  const answers =
    (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Exchange =>
    async () => ({ status, headers: { 'content-type': 'application/scim+json;charset=utf-8', ...headers }, body })
  const user =
    '{"id":"1","active":true,"emails":[{"value":"a"},{"value":"b"}],"groups":[],"meta":{"version":"W/\\"1\\""}}'

  const expectations: Readonly<
    Record<string, { right: NonNullable<Trace['steps'][number]['expect']>; wrong: object }>
  > = {
    status: { right: { status: 200 }, wrong: { status: 201 } },
    'one of several statuses': { right: { status: [200, 204] }, wrong: { status: [201, 204] } },
    'a header': { right: { headers: { ETag: 'W/"1"' } }, wrong: { headers: { ETag: 'W/"2"' } } },
    'a header that must be there': { right: { headers: { ETag: '*' } }, wrong: { headers: { Location: '*' } } },
    'a header that must not': { right: { headers: { Location: null } }, wrong: { headers: { ETag: null } } },
    'a header by pattern': { right: { headers: { ETag: '/^w/i' } }, wrong: { headers: { ETag: '/^w/' } } },
    'a content type': {
      right: { headers: { 'Content-Type': 'application/scim+json' } },
      wrong: { headers: { 'Content-Type': 'application/json' } },
    },
    'the type of a scalar': { right: { bodyIncludes: { active: true } }, wrong: { bodyIncludes: { active: 'true' } } },
    'an element': {
      right: { bodyIncludes: { emails: [{ value: 'b' }] } },
      wrong: { bodyIncludes: { emails: [{ value: 'c' }] } },
    },
    'an element for each one wanted': {
      right: { bodyIncludes: { emails: [{ value: { $any: true } }, { value: 'a' }] } },
      wrong: { bodyIncludes: { emails: [{ value: 'a' }, { value: 'a' }] } },
    },
    'a size': { right: { bodyIncludes: { emails: { $size: 2 } } }, wrong: { bodyIncludes: { emails: { $size: 1 } } } },
    'no elements': {
      right: { bodyIncludes: { groups: { $size: 0 } } },
      wrong: { bodyIncludes: { emails: { $size: 0 } } },
    },
    'at least so many': {
      right: { bodyIncludes: { emails: { $minSize: 2 } } },
      wrong: { bodyIncludes: { emails: { $minSize: 3 } } },
    },
    'size and contents': {
      right: { bodyIncludes: { emails: { $size: 2, $contains: [{ value: 'a' }] } } },
      wrong: { bodyIncludes: { emails: { $size: 2, $contains: [{ value: 'c' }] } } },
    },
    'no value': {
      right: { bodyIncludes: { title: { $any: false } } },
      wrong: { bodyIncludes: { id: { $any: false } } },
    },
    'a type': {
      right: { bodyIncludes: { id: { $type: 'string' } } },
      wrong: { bodyIncludes: { id: { $type: 'integer' } } },
    },
    'a pattern': {
      right: { bodyIncludes: { id: { $regex: '^1$' } } },
      wrong: { bodyIncludes: { id: { $regex: '^2$' } } },
    },
    'another value': { right: { bodyIncludes: { id: { $ne: '2' } } }, wrong: { bodyIncludes: { id: { $ne: '1' } } } },
    'deep equality': {
      right: { bodyIncludes: { emails: { $exact: [{ value: 'a' }, { value: 'b' }] } } },
      wrong: { bodyIncludes: { emails: { $exact: [{ value: 'b' }, { value: 'a' }] } } },
    },
    alternatives: {
      right: { bodyIncludes: { id: { $oneOf: ['2', '1'] } } },
      wrong: { bodyIncludes: { id: { $oneOf: ['2', '3'] } } },
    },
    absence: { right: { bodyAbsent: ['/groups', '/password'] }, wrong: { bodyAbsent: ['/id'] } },
    'an element that must not be there': {
      right: { bodyExcludes: [{ at: '/emails', match: { value: 'c' } }] },
      wrong: { bodyExcludes: [{ at: '/emails', match: { value: 'a' } }] },
    },
    'something to save': { right: { save: { id: '/id' } }, wrong: { save: { id: '/name/givenName' } } },
    'a header to save': { right: { save: { tag: 'header:ETag' } }, wrong: { save: { tag: 'header:Location' } } },
  }
  test.each(Object.entries(expectations))(
    'distinguishes a correct response from a wrong one by %s',
    async (_, { right, wrong }) => {
      const exchange = answers(200, user, { etag: 'W/"1"' })
      const request = { method: 'GET', path: '/Users/1' }
      expect(await runTrace(trace([{ request, expect: right }]), exchange)).toEqual({ ok: true })
      expect(await runTrace(trace([{ request, expect: wrong }]), exchange)).toMatchObject({ ok: false })
    },
  )

  test('fails each of the traces if every response is an empty object', async () => {
    for (const one of traces) {
      expect([one.id, await runTrace(one, answers(200, '{}'), { token })]).toMatchObject([one.id, { ok: false }])
    }
  })

  test('inserts saved values, percent-encoded in paths and with their type in bodies', async () => {
    const sent: unknown[] = []
    const exchange: Exchange = async (request) => {
      sent.push([request.path, request.headers?.['if-match'], request.body])
      return { status: 200, headers: { etag: 'W/"1"' }, body: '{"id":"a/b c","count":2}' }
    }
    const steps: Trace['steps'] = [
      { request: { method: 'GET', path: '/Users' }, expect: { save: { id: '/id', n: '/count', tag: 'header:ETag' } } },
      {
        request: {
          method: 'PUT',
          path: `/Users/\${id}?filter=a eq "b"&x=%20+`,
          headers: { 'If-Match': `\${tag}` },
          body: { n: `\${n}`, text: `no \${n}` },
        },
      },
    ]
    expect(await runTrace(trace(steps), exchange)).toEqual({ ok: true })
    expect(sent[1]).toEqual(['/Users/a%2Fb%20c?filter=a%20eq%20%22b%22&x=%20+', 'W/"1"', '{"n":2,"text":"no 2"}'])
  })

  test('ends with the first mismatch and reports its position', async () => {
    let requests = 0
    const exchange: Exchange = async (request) => {
      requests++
      return answers(200, user)(request)
    }
    const step = {
      request: { method: 'GET', path: '/Users' },
      expect: { status: 404 },
      note: 'requests an unknown path',
    }
    expect(await runTrace(trace([step, step]), exchange)).toEqual({
      ok: false,
      why: expect.stringContaining('step 1, GET /Users [requests an unknown path]: status: expected 404, got 200'),
    })
    expect(requests).toBe(1)
  })

  test('reports an unreachable server as a mismatch', async () => {
    const nowhere = viaHttp('http://127.0.0.1:9/scim/v2', { timeout: 1_000 })
    const step = { request: { method: 'GET', path: '/Users' }, expect: { status: 200 } }
    expect(await runTrace(trace([step]), nowhere)).toMatchObject({
      ok: false,
      why: expect.stringContaining('no response'),
    })
    nowhere.close()
  })

  test('rejects a trace with an unknown matcher, so that a typing error is not ignored', async () => {
    const step = { request: { method: 'GET', path: '/' }, expect: { bodyIncludes: { id: { $regexp: '.' } } } }
    await expect(runTrace(trace([step]), answers(200, user))).rejects.toThrow('$regexp')
  })
})
