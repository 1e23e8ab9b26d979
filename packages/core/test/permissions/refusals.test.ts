/**
 * One table of refusals for every verb, on every path: the status, the body, an unchanged store, and no hint whether the
 * resource exists or data matches. SEC-6, SEC-11, SEC-13; docs/adr/0065-rights-on-attributes.md.
 */
import { describe, expect, test } from '@jest/globals'
import { type Allowed, type Authorizer, allow, allowOnly, refuse } from '../../src/index.js'
import type { JsonObject, JsonValue } from '../../src/json/value.js'
import { bulkRequest, counting } from '../bulk/support/bulk-requests.js'
import { type Answered, errorUrn, made, mount, patchOp, serve, user } from '../support/server.js'
import { noCalls, search } from './support/authorizers.js'

type Verb = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

interface Refusal {
  readonly title: string
  readonly authorize: Authorizer
  readonly expected: { readonly status: number; readonly scimType?: string; readonly detail: string }
  /** Refused before the store is read, so with the same bytes for a resource that does not exist. */
  readonly isBeforeRead: boolean
}

const hides: Allowed = allowOnly({ readable: { except: ['roles'] } })
const keeps: Allowed = allowOnly({ writable: { except: ['roles'] } })

const operationRefused: Refusal = {
  title: 'the operation is refused',
  authorize: ({ kind }) => (kind === 'me' || kind === 'bulk' ? allow : refuse('Not you.')),
  expected: { status: 403, detail: 'Not you.' },
  isBeforeRead: true,
}
const typeRefused: Refusal = {
  title: 'the type is refused',
  authorize: ({ type }) => (type === 'User' || type === 'Group' ? refuse() : allow),
  expected: { status: 403, detail: 'This operation is not permitted.' },
  isBeforeRead: true,
}
const onUsers =
  (rights: Allowed): Authorizer =>
  ({ type }) =>
    type === 'User' ? rights : allow
const conditionRefused = (scimType: string, isBeforeRead: boolean): Refusal => ({
  title: 'an attribute that may not be read, in a condition',
  authorize: onUsers(hides),
  expected: {
    status: scimType === 'sensitive' ? 403 : 400,
    scimType,
    detail: 'The attribute "roles" cannot be searched, sorted or filtered by.',
  },
  isBeforeRead,
})
const changeRefused = (isBeforeRead: boolean): Refusal => ({
  title: 'an attribute that may not be changed',
  authorize: onUsers(keeps),
  expected: { status: 403, detail: 'The attribute "roles" may not be changed by this caller; nothing was changed.' },
  isBeforeRead,
})

interface Row {
  readonly verb: Verb
  /** With `:id` for the resource, `:value` for a text that the data has or not. */
  readonly target: string
  readonly body?: JsonValue
  readonly refusal: Refusal
}

const changed = user('ada', { roles: [{ value: 'not-:value' }] })
const patching = (...operations: readonly JsonValue[]): JsonObject => ({ schemas: [patchOp], Operations: operations })
const adding = patching({ op: 'add', path: 'roles', value: [{ value: 'another' }] })
const byCondition = patching({ op: 'remove', path: 'roles[value eq ":value"]' })
const searching = (asked: JsonObject): JsonObject => ({ schemas: [search], ...asked })
const conditions = [
  'roles.value eq ":value"',
  'roles pr',
  'not (roles pr)',
  'roles[value sw ":value"]',
  'title eq "x" or roles eq ":value"',
]

const operations: readonly (readonly [Verb, JsonValue | undefined])[] = [
  ['PUT', user('ada')],
  ['PATCH', patching()],
  ['DELETE', undefined],
]

const rows: readonly Row[] = [
  ...[operationRefused, typeRefused].flatMap((refusal): Row[] => [
    ...(['/Users/:id', '/Me'] as const).flatMap((target): Row[] => [
      { verb: 'GET', target, refusal },
      { verb: 'HEAD', target, refusal },
      ...operations.map(([verb, body]): Row => ({ verb, target, ...(body !== undefined && { body }), refusal })),
    ]),
    ...['/Users', '/'].flatMap((target): Row[] => [
      { verb: 'GET', target, refusal },
      { verb: 'HEAD', target, refusal },
      { verb: 'POST', target: `${target === '/' ? '' : target}/.search`, body: searching({}), refusal },
    ]),
    { verb: 'POST', target: '/Users', body: user('new'), refusal },
  ]),
  ...['/Users', '/'].flatMap((target) => {
    const at = `${target === '/' ? '' : target}/.search`
    return [
      ...conditions.flatMap((filter): Row[] => [
        {
          verb: 'GET',
          target: `${target}?filter=${encodeURIComponent(filter)}`,
          refusal: conditionRefused('sensitive', true),
        },
        {
          verb: 'HEAD',
          target: `${target}?filter=${encodeURIComponent(filter)}`,
          refusal: conditionRefused('sensitive', true),
        },
        { verb: 'POST', target: at, body: searching({ filter }), refusal: conditionRefused('invalidFilter', true) },
      ]),
      { verb: 'GET', target: `${target}?sortBy=roles`, refusal: conditionRefused('sensitive', true) },
      {
        verb: 'POST',
        target: at,
        body: searching({ sortBy: 'roles.value' }),
        refusal: conditionRefused('invalidFilter', true),
      },
    ] satisfies Row[]
  }),
  ...['/Users/:id', '/Me'].flatMap((target): Row[] => [
    { verb: 'PATCH', target, body: byCondition, refusal: conditionRefused('sensitive', false) },
    { verb: 'PATCH', target, body: adding, refusal: changeRefused(false) },
    { verb: 'PUT', target, body: changed, refusal: changeRefused(false) },
  ]),
  { verb: 'POST', target: '/Users', body: changed, refusal: changeRefused(true) },
]

interface Run {
  readonly answer: Answered
  readonly calls: Readonly<Record<string, number>>
}

const replacing = (text: string, value: string, id: string): string =>
  text.replaceAll(':value', value).replaceAll('%3Avalue', value).replaceAll(':id', id)

/** Sends the request. `value` is in the conditions, `id` in the path; `inBulk` sends it as an operation of a bulk request. */
async function run(
  { verb, target, body, refusal }: Row,
  value: string,
  isThere: boolean,
  inBulk = false,
): Promise<Run> {
  const { calls, provider } = counting()
  let isOpen = true
  let mine = ''
  const server = serve({
    provider,
    me: () => ({ type: 'User', id: mine }),
    authorize: (request, context) => (isOpen ? allow : refusal.authorize(request, context)),
  })
  const { id } = await made(server, user('ada', { title: 'x', roles: [{ value: 'admin' }] }))
  mine = isThere ? id : 'no-such-id'
  const before = (await server.get('/Users')).text
  isOpen = false
  for (const name of Object.keys(calls) as (keyof typeof calls)[]) calls[name] = 0
  const path = replacing(target, value, mine)
  const sent = body === undefined ? undefined : (JSON.parse(replacing(JSON.stringify(body), value, mine)) as JsonValue)
  const answer = inBulk
    ? await server.post('/Bulk', {
        schemas: [bulkRequest],
        Operations: [{ method: verb, path, bulkId: 'b', ...(sent !== undefined && { data: sent }) }],
      })
    : await server.ask({ method: verb, target: `${mount}${path}`, ...(sent !== undefined && { body: sent }) })
  const counted = { ...calls }
  isOpen = true
  expect((await server.get('/Users')).text).toBe(before)
  return { answer, calls: counted }
}

const title = ({ verb, target, body, refusal }: Row): string =>
  `${verb} ${decodeURIComponent(target)} ${JSON.stringify(body ?? '').slice(0, 90)}: ${refusal.title}`

describe('every verb through every refusal', () => {
  test.each(rows.map((row) => [title(row), row] as const))('%s', async (_, row) => {
    const { expected, isBeforeRead } = row.refusal
    const { answer, calls } = await run(row, 'admin', true)
    expect(answer.status).toBe(expected.status)
    if (row.verb === 'HEAD') expect(answer.text).toBeNull()
    else {
      const { status, ...more } = expected
      expect(answer.json).toEqual({ schemas: [errorUrn], ...more, status: String(status) })
      expect(answer.headers['Content-Type']).toBe('application/scim+json')
    }
    expect(answer.headers.ETag).toBeUndefined()
    // Whether data matches changes neither the answer nor the number of calls.
    expect(await run(row, 'guest', true)).toEqual({ answer, calls })
    if (isBeforeRead) {
      expect(calls).toEqual(noCalls)
      const absent = await run(row, 'admin', false)
      // The Location of /Me is that of the resource that the host named.
      expect({ ...absent.answer, headers: {} }).toEqual({ ...answer, headers: {} })
      expect(absent.calls).toEqual(calls)
    } else {
      // A caller that may change the resource learns by every write whether it exists.
      expect((await run(row, 'admin', false)).answer.status).toBe(404)
    }
  })

  const inBulk = rows.filter(
    ({ verb, target }) => target.startsWith('/Users') && !['GET', 'HEAD'].includes(verb) && !target.includes('search'),
  )

  test.each(inBulk.map((row) => [title(row), row] as const))('in a bulk request: %s', async (_, row) => {
    const { status, ...more } = row.refusal.expected
    const { answer, calls } = await run(row, 'admin', true, true)
    const [result] = answer.json.Operations as readonly JsonObject[]
    expect(answer.status).toBe(200)
    expect(result?.status).toBe(String(status))
    expect(result?.response).toEqual({ schemas: [errorUrn], ...more, status: String(status) })
    expect(result?.version).toBeUndefined()
    expect(await run(row, 'guest', true, true)).toEqual({ answer, calls })
    if (row.refusal.isBeforeRead) expect(calls).toEqual(noCalls)
  })

  test('the table has every verb on every path', () => {
    const covered = new Set(rows.map(({ verb, target }) => `${verb} ${target.split('?')[0]}`))
    for (const one of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE']) {
      expect(covered).toContain(`${one} /Users/:id`)
      expect(covered).toContain(`${one} /Me`)
    }
    for (const one of ['GET /Users', 'HEAD /Users', 'POST /Users', 'GET /', 'POST /.search', 'POST /Users/.search']) {
      expect(covered).toContain(one)
    }
  })
})
