/** Two servers that differ in values alone which the caller may not read, and requests that try to learn them. */
import { memoryProvider } from '@scimkit/memory-provider'
import { type Allowed, type Authorizer, allow, allowOnly, type ScimOptions, tenantId } from '../../../src/index.js'
import type { JsonObject, JsonValue } from '../../../src/json/value.js'
import { bulkRequest, counting } from '../../bulk/support/bulk-requests.js'
import {
  type Answered,
  core,
  enterprise,
  groupUrn,
  made,
  mount,
  patchOp,
  type Server,
  serve,
} from '../../support/server.js'
import { search } from './authorizers.js'

/** The attributes of User that the caller may not read, and a value for each of two servers. */
export const hidden: Readonly<Record<string, readonly [JsonObject, JsonObject]>> = {
  nickName: [{ nickName: 'Ada' }, { nickName: 'Bea' }],
  'nickName, present or not': [{ nickName: 'Ada' }, {}],
  roles: [{ roles: [{ value: 'admin' }] }, { roles: [{ value: 'guest' }, { value: 'staff' }] }],
  'roles, present or not': [{ roles: [{ value: 'admin' }] }, {}],
  'name.familyName': [{ name: { givenName: 'x', familyName: 'Ada' } }, { name: { givenName: 'x', familyName: 'Bea' } }],
  'name.familyName, alone': [{ name: { familyName: 'Ada' } }, {}],
  'emails.display': [
    { emails: [{ value: 'a@x', type: 'work', display: 'Ada' }] },
    { emails: [{ value: 'a@x', type: 'work', display: 'Bea' }] },
  ],
  'emails.display, alone': [{ emails: [{ display: 'Ada' }] }, {}],
  'emails.primary': [
    { emails: [{ value: 'a@x', primary: true }, { value: 'b@x' }] },
    { emails: [{ value: 'a@x' }, { value: 'b@x', primary: true }] },
  ],
  department: [{ [enterprise]: { department: 'Ada' } }, { [enterprise]: { department: 'Bea' } }],
  'department, present or not': [{ [enterprise]: { department: 'Ada' } }, {}],
}

/** The paths of these attributes. */
export const hiddenPaths = [
  'nickName',
  'roles',
  'name.familyName',
  'emails.display',
  'emails.primary',
  `${enterprise}:department`,
]

/** The same, where parts of lists cannot be protected from writing by themselves. */
export const keptPaths = ['nickName', 'roles', 'name.familyName', 'emails', `${enterprise}:department`]

/** The caller may not read these attributes, and not change them. */
export const neither = allowOnly({ readable: { except: hiddenPaths }, writable: { except: keptPaths } })
/** The caller may not read these attributes. */
export const unreadable = allowOnly({ readable: { except: hiddenPaths } })

/** A server with one user and a group, for a caller with these rights: `X-Admin` makes a caller without limits. */
export interface World {
  readonly server: Server
  readonly path: string
  readonly id: string
  /** The tag of the user before and after a change of the hidden attribute, as the caller sees it. */
  readonly tags: readonly string[]
  readonly calls: ReturnType<typeof counting>['calls']
  readonly asAdmin: Readonly<Record<string, string>>
}

const asAdmin = { 'X-Admin': 'yes' }

export async function worldWith(
  attributes: JsonObject,
  rights: Allowed,
  options: Partial<ScimOptions> = {},
): Promise<World> {
  const { calls, provider } = counting(memoryProvider({ history: 5 }))
  let mine = ''
  const authorize: Authorizer = ({ type }, { principal }) => (principal === 'admin' || type !== 'User' ? allow : rights)
  const server = serve({
    provider,
    authorize,
    me: () => ({ type: 'User', id: mine }),
    authenticate: (request) => ({
      tenant: tenantId('t'),
      principal: request.header('x-admin') === undefined ? 'caller' : 'admin',
    }),
    ...options,
  })
  const body = { schemas: [core, enterprise], userName: 'ada', title: 'Before' }
  const { id, path } = await made(server, body)
  mine = id
  const first = (await server.get(path)).headers.ETag ?? ''
  const change = { schemas: [patchOp], Operations: [{ op: 'add', value: { title: 'After', ...attributes } }] }
  await server.ask({ method: 'PATCH', target: `${mount}${path}`, body: change, headers: asAdmin })
  const second = (await server.get(path)).headers.ETag ?? ''
  for (const name of Object.keys(calls) as (keyof typeof calls)[]) calls[name] = 0
  return { server, path, id, tags: [first, second], calls, asAdmin }
}

/** One request of the caller. */
export type Probe = (world: World) => Promise<Answered>

const get =
  (target: (world: World) => string, headers: (world: World) => Readonly<Record<string, string>> = () => ({})): Probe =>
  (world) =>
    world.server.get(target(world), headers(world))

const filters: readonly string[] = [
  ...['nickName', 'roles', 'roles.value', 'name.familyName', 'emails.display', `${enterprise}:department`].flatMap(
    (path) => [
      `${path} eq "Ada"`,
      `${path} sw "A"`,
      `${path} gt "B"`,
      `${path} pr`,
      `not (${path} pr)`,
      `${path} ne null`,
      `userName eq "ada" and (title eq "x" or ${path} co "d")`,
    ],
  ),
  'roles[value eq "admin"]',
  'roles[not (value eq "admin")]',
  'emails[type eq "work" and display eq "Ada"]',
  'emails[type eq "work"].display eq "Ada"',
  'emails[primary eq true].value eq "a@x"',
  'emails[not (type pr)]',
  'emails[type ne "work"]',
  'emails pr',
  'emails eq null',
  'emails.type ne "home"',
  'name pr',
  'name eq null',
  'name[familyName eq "Ada"]',
  'name[not (givenName pr)]',
  `${enterprise} pr`,
  `schemas eq "${enterprise}"`,
  `schemas[value eq "${enterprise}"]`,
  'meta.version sw "W/\\"2-"',
  'meta[version pr]',
  'title eq "After"',
  'userName pr and not (title eq "Ada")',
]

const sorts = [
  'nickName',
  'roles',
  'roles.value',
  'name.familyName',
  'emails',
  'emails.value',
  'emails.display',
  `${enterprise}:department`,
  'meta.version',
  'schemas',
  'title',
]

const shown = ['nickName', 'roles.value', 'name', 'emails', enterprise, 'schemas', 'meta']

/** The tags that a caller can send who knows a value of the hidden attribute: with a guessed digest. */
export async function tagsWithDigest(world: World): Promise<readonly string[]> {
  const { headers } = await world.server.get(world.path, world.asAdmin)
  return [headers.ETag ?? '']
}

/** Requests that read. */
export const reads: Readonly<Record<string, Probe>> = Object.fromEntries([
  ...filters.flatMap((filter): [string, Probe][] => [
    [`filter ${filter}`, get(() => `/Users?filter=${encodeURIComponent(filter)}`)],
    [`root filter ${filter}`, get(() => `/?filter=${encodeURIComponent(filter)}`)],
    [`cursor ${filter}`, get(() => `/Users?cursor&count=1&filter=${encodeURIComponent(filter)}`)],
    [`.search ${filter}`, ({ server }) => server.post('/Users/.search', { schemas: [search], filter })],
    [`root .search ${filter}`, ({ server }) => server.post('/.search', { schemas: [search], filter })],
  ]),
  ...sorts.flatMap((path): [string, Probe][] => [
    [`sort by ${path}`, get(() => `/Users?sortBy=${path}`)],
    [`sort the root by ${path}`, get(() => `/?sortBy=${path}&sortOrder=descending`)],
    [`.search sorted by ${path}`, ({ server }) => server.post('/Users/.search', { schemas: [search], sortBy: path })],
  ]),
  ...shown.flatMap((path): [string, Probe][] => [
    [`attributes=${path}`, get(({ path: at }) => `${at}?attributes=${path}`)],
    [`a list with attributes=${path}`, get(() => `/Users?attributes=${path}`)],
    [`excludedAttributes=${path}`, get(({ path: at }) => `${at}?excludedAttributes=${path}`)],
  ]),
  ['GET', get(({ path }) => path)],
  ['GET /Me', get(() => '/Me')],
  ['GET /Me?attributes', get(() => '/Me?attributes=nickName,roles,emails')],
  ['HEAD', ({ server, path }) => server.ask({ method: 'HEAD', target: `${mount}${path}` })],
  ['a list', get(() => '/Users')],
  ['the root', get(() => '/')],
  [
    '304',
    get(
      ({ path }) => path,
      ({ tags }) => ({ 'If-None-Match': tags[1] ?? '' }),
    ),
  ],
  [
    'If-None-Match of before',
    get(
      ({ path }) => path,
      ({ tags }) => ({ 'If-None-Match': tags[0] ?? '' }),
    ),
  ],
  [
    'If-Match of before',
    get(
      ({ path }) => path,
      ({ tags }) => ({ 'If-Match': tags[0] ?? '', Prefer: 'conflict-details' }),
    ),
  ],
  ['the schema', get(() => `/Schemas/${core}`)],
] satisfies [string, Probe][])

const patchOf =
  (...operations: readonly JsonValue[]): Probe =>
  ({ server, path }) =>
    server.patch(path, operations)

/** Conditions in writes. */
export const conditions: Readonly<Record<string, Probe>> = Object.fromEntries([
  ...[
    'roles[value eq "admin"]',
    'roles[value eq "admin"].display',
    'roles[not (value eq "x")]',
    'emails[display eq "Ada"]',
    'emails[display pr].type',
    'emails[primary eq true].value',
    'emails[not (type pr)]',
    'name[familyName eq "Ada"]',
  ].flatMap((path): [string, Probe][] =>
    ['add', 'replace', 'remove'].map((op) => [
      `${op} ${path}`,
      patchOf({ op, path, ...(op !== 'remove' && { value: path.includes('].') ? 'x' : { type: 'x' } }) }),
    ]),
  ),
  ['a value path as a key', patchOf({ op: 'replace', value: { 'roles[value eq "admin"].display': 'x' } })],
  ['remove roles by value', patchOf({ op: 'remove', path: 'roles', value: [{ value: 'admin' }] })],
  ['remove roles.value by value', patchOf({ op: 'remove', path: 'roles.value', value: 'admin' })],
  ['remove emails by hidden part', patchOf({ op: 'remove', path: 'emails', value: [{ display: 'Ada' }] })],
  ['remove name by value', patchOf({ op: 'remove', path: 'name', value: { familyName: 'Ada' } })],
  ['remove department by value', patchOf({ op: 'remove', path: enterprise, value: { department: 'Ada' } })],
  [
    '412',
    ({ server, path, tags }) => server.patch(path, [], { 'If-Match': tags[0] ?? '', Prefer: 'conflict-details' }),
  ],
  [
    '412 of DELETE',
    ({ server, path, tags }) => server.del(path, { 'If-Match': tags[0] ?? '', Prefer: 'conflict-details' }),
  ],
  [
    'bulk 412',
    ({ server, path, tags }) =>
      server.post(
        '/Bulk',
        { schemas: [bulkRequest], Operations: [{ method: 'DELETE', path, version: tags[0] ?? '' }] },
        { Prefer: 'conflict-details' },
      ),
  ],
] satisfies [string, Probe][])

const named: readonly JsonObject[] = [
  { nickName: 'Ada' },
  { nickName: 'Bea' },
  { nickName: null },
  { roles: [{ value: 'admin' }] },
  { roles: [] },
  { name: { familyName: 'Ada' } },
  { 'name.familyName': 'Ada' },
  { emails: [{ value: 'a@x', type: 'work', display: 'Ada' }] },
  { emails: [{ value: 'a@x', type: 'work' }] },
  { emails: [{ value: 'a@x', primary: true }, { value: 'b@x' }] },
  { [enterprise]: { department: 'Ada' } },
  { [`${enterprise}:department`]: 'Ada' },
  { [enterprise]: null },
]

/** Writes of hidden attributes, which are refused to a caller that may not change them. */
export const guesses: Readonly<Record<string, Probe>> = Object.fromEntries(
  named.flatMap((attributes): [string, Probe][] => {
    const text = JSON.stringify(attributes)
    const whole = { schemas: [core], userName: 'ada', title: 'After', ...attributes }
    const patch = { schemas: [patchOp], Operations: [{ op: 'replace', value: attributes }] }
    const [key = ''] = Object.keys(attributes)
    const value = attributes[key] ?? null
    return [
      [`PUT ${text}`, ({ server, path }) => server.put(path, whole)],
      [`PUT /Me ${text}`, ({ server }) => server.put('/Me', whole)],
      [`PATCH ${text}`, patchOf({ op: 'replace', value: attributes })],
      [`PATCH add ${text}`, patchOf({ op: 'add', value: attributes })],
      [`PATCH /Me ${text}`, ({ server }) => server.patch('/Me', [{ op: 'add', value: attributes }])],
      [`PATCH at ${text}`, patchOf({ op: 'replace', path: key, value })],
      [`remove ${text}`, patchOf({ op: 'remove', path: key })],
      [
        `bulk PUT ${text}`,
        ({ server, path }) =>
          server.post('/Bulk', { schemas: [bulkRequest], Operations: [{ method: 'PUT', path, data: whole }] }),
      ],
      [
        `bulk PATCH ${text}`,
        ({ server, path }) =>
          server.post('/Bulk', { schemas: [bulkRequest], Operations: [{ method: 'PATCH', path, data: patch }] }),
      ],
    ]
  }),
)

/** Writes of other attributes: the hidden ones must stay, and the response must not show them. */
export const otherWrites: Readonly<Record<string, Probe>> = {
  'PUT without them': ({ server, path }) => server.put(path, { schemas: [core], userName: 'ada', title: 'New' }),
  'PUT of the same': ({ server, path }) => server.put(path, { schemas: [core], userName: 'ada', title: 'After' }),
  'PUT of what GET shows': async ({ server, path }) => server.put(path, (await server.get(path)).json),
  'PATCH of title': patchOf({ op: 'replace', path: 'title', value: 'New' }),
  'PATCH without operations': patchOf(),
  'PATCH with attributes': ({ server, path }) =>
    server.ask({
      method: 'PATCH',
      target: `${mount}${path}?attributes=nickName,roles,emails,name,${enterprise}:department`,
      body: { schemas: [patchOp], Operations: [{ op: 'replace', path: 'title', value: 'New' }] },
    }),
  'the tag after a write': async ({ server, path }) => {
    await server.patch(path, [{ op: 'replace', path: 'title', value: 'New' }])
    return server.get(path)
  },
  'bulk PATCH of title': ({ server, path }) =>
    server.post('/Bulk', {
      schemas: [bulkRequest],
      Operations: [
        {
          method: 'PATCH',
          path,
          data: { schemas: [patchOp], Operations: [{ op: 'replace', path: 'title', value: 'N' }] },
        },
      ],
    }),
  'a group with the user': ({ server, id }) =>
    server.post('/Groups', { schemas: [groupUrn], displayName: 'g', members: [{ value: id }] }),
}
