import * as fc from 'fast-check'

/** One request as it is sent. `{tag}` in a header is the ETag of the resource in the path. */
export interface WireRequest {
  readonly method: string
  /** The whole target, mount and query included. */
  readonly target: string
  /** In this order; a name may come twice. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Uint8Array | undefined
  /** Sent in chunks of this many bytes, without a Content-Length. */
  readonly chunk: number | undefined
}

/** The resources of every server before the first request; their ids come from `newId` of the test. */
export const population: readonly { readonly collection: string; readonly body: object }[] = [
  {
    collection: '/Users',
    body: { userName: 'ann', title: 'Guide', emails: [{ value: 'ann@example.com', type: 'work' }] },
  },
  { collection: '/Users', body: { userName: 'bob', active: false, name: { familyName: 'Smith' } } },
  { collection: '/Users', body: { userName: 'Zoë', displayName: '👩‍🚀' } },
  { collection: '/Groups', body: { displayName: 'Guides', members: [{ value: 'id-0-1' }] } },
]

const mount = '/scim/v2'
const ids = ['id-0-1', 'id-1-1', 'id-2-1', 'id-3-1', 'no-such-id', 'id-9-1', 'id-19-1']

const resource = fc
  .tuple(fc.constantFrom('/Users', '/Users', '/Groups'), fc.constantFrom(...ids))
  .map(([collection, id]) => `${collection}/${id}`)

const oddPath = fc.constantFrom(
  '',
  '/',
  '/Users/',
  '/Users//id-0-1',
  '//Users',
  '/users',
  '/Users/id-0-1/',
  '/Users/id-0-1/name',
  '/Users/id%2D0-1',
  '/Users/%69d-0-1',
  '/%55sers/id-0-1',
  '/Users/id%252D0-1',
  '/Users/a%2Fb',
  '/Users%2Fid-0-1',
  '/Users/a;b=c',
  '/Users/%zz',
  '/Users/%ff',
  '/Users/%00',
  '/Users/%0d%0aX:y',
  '/Users/%5c',
  '/Users/%C3%A9',
  "/Users/it's",
  '/Users/a+b',
  '/Users/a@b:c,d=e!$&*()~',
  '/Users/id-0-1%20',
  '/Users/...',
  '/Me',
  '/Bulk',
  '/.search',
  '/Groups/.search',
  '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User',
  '/Schemas/URN%3Aietf:params:scim:schemas:core:2.0:Group',
  '/Schemas/none',
  '/ResourceTypes/User',
  '/ResourceTypes/user',
  '/ServiceProviderConfig/x',
  '/Nothing/at/all',
  '/constructor',
  '/__proto__/x',
  '/Users/..',
  '/Users/../Groups',
  '/Users/./id-0-1',
  '/Users/%2e%2e/Groups',
  '/Users/%2E',
)

const path = fc.oneof(
  { weight: 4, arbitrary: resource },
  { weight: 3, arbitrary: fc.constantFrom('/Users', '/Groups', '/Users/.search') },
  { weight: 1, arbitrary: fc.constantFrom('/ServiceProviderConfig', '/ResourceTypes', '/Schemas') },
  { weight: 3, arbitrary: oddPath },
)

const filters = [
  'userName eq "ann"',
  'userName+sw+"A"',
  'title pr and not (active eq false)',
  'emails[type eq "work" and value co "@"]',
  'displayName eq "👩‍🚀"',
  'password pr',
  'userName eq',
  '((((userName pr',
  "userName eq 'x'",
  'meta.lastModified gt "2011-05-13T04:42:34Z"',
]

const parameter = fc.oneof(
  fc.constantFrom(...filters).map((filter) => `filter=${encodeURIComponent(filter).replaceAll('%2B', '+')}`),
  fc.constantFrom(
    'count=1',
    'count=0',
    'count=-1',
    'count=x',
    'count=',
    'startIndex=2',
    'startIndex=0',
    'startIndex=1e3',
  ),
  fc.constantFrom(
    'attributes=userName',
    'attributes=emails.value,%20title',
    'attributes=',
    'excludedAttributes=members,meta',
    'attributes=nothing',
  ),
  fc.constantFrom('sortBy=userName', 'sortBy=title&sortOrder=descending', 'sortOrder=up', 'sortBy=password'),
  fc.constantFrom(
    '',
    '=',
    'x',
    'x=%zz',
    'filter=%zz',
    'a=b=c',
    '_method=DELETE',
    'x=[]{}|^`',
    "x='",
    'x=/?',
    'count=1&count=2',
    'Count=1',
    '%66ilter=x',
  ),
)

const query = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  { weight: 3, arbitrary: fc.array(parameter, { maxLength: 3 }).map((parts) => `?${parts.join('&')}`) },
)

const schema = (name: string): string => `urn:ietf:params:scim:schemas:core:2.0:${name}`
const patchOp = (...operations: readonly object[]): object => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: operations,
})

const users = fc.constantFrom<object>(
  { schemas: [schema('User')], userName: 'cyd' },
  { schemas: [schema('User')], userName: 'ANN', title: 'Guide' },
  {
    schemas: [schema('User')],
    userName: 'Łukasz',
    displayName: '👩‍🚀',
    emails: [{ value: 'l@example.com', primary: true }],
  },
  { userName: 'x'.repeat(300), active: 'True' },
  { schemas: [schema('User')], userName: 'dup', active: 'maybe' },
  { schemas: [schema('User')], userName: null },
  { schemas: [schema('User')], userName: 'dan', password: 'secret', id: 'own', meta: { version: 'x' } },
)
const groups = fc
  .constantFrom('id-0-1', 'id-1-1', 'unknown')
  .map((value): object => ({ schemas: [schema('Group')], displayName: 'G', members: [{ value }] }))
const patches = fc.constantFrom<object>(
  patchOp({ op: 'replace', path: 'title', value: 'A' }),
  patchOp({ op: 'replace', path: 'title', value: 'B' }),
  patchOp({ op: 'Add', value: { nickName: 'B', 'name.givenName': 'C' } }),
  patchOp({ op: 'remove', path: 'emails[type eq "work"]' }),
  patchOp({ op: 'add', path: 'members', value: [{ value: 'id-1-1' }] }),
  patchOp({ op: 'remove', path: 'members' }),
  patchOp({ op: 'replace', path: 'id', value: 'x' }),
  patchOp(),
)
const searches = fc.constantFrom<object>(
  { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], filter: 'userName pr', count: 2 },
  { filter: 'password pr' },
  { count: 'x' },
)
const goodBody = fc.oneof(users, groups, patches, searches)

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const badBodies: readonly Uint8Array[] = [
  bytes(''),
  bytes('{'),
  bytes('[]'),
  bytes('null'),
  bytes('"text"'),
  bytes('\ufeff{"userName":"bom"}'),
  bytes('{"userName":"a","userName":"b"}'),
  bytes('{"userName":"a","__proto__":{"x":1}}'),
  bytes('{"userName":"a\\u0000"}'),
  bytes('userName=a&active=true'),
  bytes('<user/>'),
  bytes(`{"userName":"deep","x":${'['.repeat(100)}${']'.repeat(100)}}`),
  new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
  bytes(' '.repeat(1_048_577)),
  bytes(`{"userName":"${'y'.repeat(1_048_576)}"}`),
]

const body = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  { weight: 5, arbitrary: goodBody.map((value) => bytes(JSON.stringify(value))) },
  { weight: 2, arbitrary: fc.constantFrom(...badBodies) },
)

type Header = readonly [string, string]

// Tags have triple weight, so that some preconditions hold.
const condition = fc.tuple(
  fc.constantFrom('If-Match', 'if-none-match', 'IF-MATCH'),
  fc.constantFrom(
    '{tag}',
    '{tag}',
    '{tag}',
    ' {tag} ',
    '"x", {tag}',
    'W/"0-stale"',
    '*',
    '{tag}, *',
    '"open',
    'garbage',
    '',
    '"ÿ"',
  ),
)

const negotiation = fc.oneof(
  fc
    .constantFrom(
      'application/scim+json',
      'application/json',
      '*/*',
      'text/html',
      '',
      'application/json;q=0.5, application/scim+json;q=0.1',
      'application/*',
      'x',
      '*/*;q=0',
    )
    .map((value): Header => ['Accept', value]),
  fc.constantFrom('gzip, br', 'identity;q=0').map((value): Header => ['Accept-Encoding', value]),
)

const oddHeader = fc.constantFrom<Header>(
  ['X-HTTP-Method-Override', 'DELETE'],
  ['X-Forwarded-Host', 'evil.example'],
  ['X-Forwarded-Proto', 'https'],
  ['Cookie', 'a=b; c=d'],
  ['Range', 'bytes=0-1'],
  ['If-Modified-Since', 'Fri, 01 Jan 2100 00:00:00 GMT'],
  ['If-Unmodified-Since', 'Mon, 01 Jan 1990 00:00:00 GMT'],
  ['Content-Encoding', 'gzip'],
  ['Expect', '100-continue'],
  ['Cache-Control', 'no-cache'],
  ['Pragma', 'no-cache'],
  ['Connection', 'close'],
  ['Upgrade-Insecure-Requests', '1'],
  ['Origin', 'https://evil.example'],
  ['X-Latin', 'caf\u00e9'],
  ['X-Empty', ''],
  ['TE', 'trailers'],
  ['Prefer', 'return=representation'],
  ['If-Match', '"second"'],
  ['Accept', 'text/html'],
)

const token = 'a-token-of-32-characters-or-more-it-is'
const authorization = fc.oneof(
  { weight: 20, arbitrary: fc.constant<Header>(['Authorization', `Bearer ${token}`]) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Header>(
      ['Authorization', 'Bearer wrong'],
      ['Authorization', 'Basic YTpi'],
      ['authorization', `bearer  ${token}`],
      ['X-None', ''],
    ),
  },
)

const host = fc.oneof(
  { weight: 20, arbitrary: fc.constant('scim.example') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'scim.example:8443',
      '[::1]:3000',
      '127.0.0.1',
      'SCIM.Example',
      'a_b.example',
      'xn--bcher-kva.example',
      'scim.example:',
      'scim.example:80',
      'scim.example:99999',
      'a b',
      'a@b',
      'a/b',
      'a"b',
      '<x>',
      '',
    ),
  },
)

const contentType = fc.oneof(
  { weight: 12, arbitrary: fc.constant('application/scim+json') },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'application/json',
      'application/json; charset=utf-8',
      'Application/SCIM+JSON',
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json; charset=latin1',
      '',
      'x/y/z',
    ),
  },
)

const anyMethod = fc.constantFrom(
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'PROPFIND',
  'PURGE',
  'REPORT',
  'TRACE',
  'M-SEARCH',
)

const noBody = fc.constant(undefined)
const encoded = (values: fc.Arbitrary<object>): fc.Arbitrary<Uint8Array | undefined> =>
  values.map((value) => bytes(JSON.stringify(value)))

type Action = readonly [method: string, path: string, query: string, body: Uint8Array | undefined]

// Requests as a client would send them.
const sensible: fc.Arbitrary<Action> = fc.oneof(
  fc.tuple(fc.constantFrom('GET', 'HEAD'), resource, query, noBody),
  fc.tuple(fc.constantFrom('GET', 'HEAD'), fc.constantFrom('/Users', '/Groups'), query, noBody),
  fc.tuple(
    fc.constant('GET'),
    fc.constantFrom('/Schemas', '/ResourceTypes', '/ServiceProviderConfig'),
    fc.constant(''),
    noBody,
  ),
  fc.tuple(fc.constant('POST'), fc.constant('/Users'), query, encoded(users)),
  fc.tuple(fc.constant('POST'), fc.constant('/Groups'), query, encoded(groups)),
  fc.tuple(fc.constant('POST'), fc.constant('/Users/.search'), fc.constant(''), encoded(searches)),
  fc.tuple(fc.constant('PUT'), resource, query, encoded(fc.oneof(users, groups))),
  fc.tuple(fc.constant('PATCH'), resource, query, encoded(patches)),
  fc.tuple(
    fc.constant('DELETE'),
    fc.constantFrom('/Users/id-2-1', '/Users/no-such-id', '/Groups/id-3-1'),
    fc.constant(''),
    noBody,
  ),
)

// Requests with random combinations of all parts.
const weird: fc.Arbitrary<Action> = fc.tuple(anyMethod, path, query, body)

interface Parts {
  readonly action: Action
  readonly form: string
  readonly host: string
  readonly authorization: Header
  readonly contentType: string
  readonly more: readonly Header[]
  readonly chunk: number | undefined
}

function assembled({ action, form, host, authorization, contentType, more, chunk }: Parts): WireRequest {
  const [method, path, query, body] = action
  const headers: Header[] = [['Host', host], authorization, ...more]
  if (body !== undefined) headers.push(['Content-Type', contentType])
  if (body !== undefined && chunk === undefined) headers.push(['Content-Length', String(body.length)])
  if (body !== undefined && chunk !== undefined) headers.push(['Transfer-Encoding', 'chunked'])
  return { method, target: `${form}${mount}${path}${query}`, headers, body, chunk }
}

/** Requests that are unusual but legal HTTP: half of them are valid except for one detail. */
export const requests: fc.Arbitrary<WireRequest> = fc
  .record({
    action: fc.oneof({ weight: 3, arbitrary: sensible }, { weight: 2, arbitrary: weird }),
    // The absolute form, which clients send to proxies (RFC 9112 §3.2.2).
    form: fc.oneof(
      { weight: 30, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: fc.constant('http://scim.example') },
    ),
    host,
    authorization,
    contentType,
    more: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 2, arbitrary: fc.array(condition, { minLength: 1, maxLength: 1 }) },
      {
        weight: 3,
        arbitrary: fc.array(fc.oneof({ weight: 2, arbitrary: condition }, negotiation, oddHeader), {
          minLength: 1,
          maxLength: 3,
        }),
      },
    ),
    chunk: fc.option(fc.constantFrom(1, 7, 65_536), { nil: undefined, freq: 2 }),
  })
  .map(assembled)
