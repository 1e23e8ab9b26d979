/**
 * Every path of an operation, as data: the operation that the host refuses, and the request that must be refused. For a
 * path that is not listed here, no test shows that the server asks the host.
 */
import type { Answer, Json } from '../answer.js'
import { bulkRequestUrn, patching, removal } from '../bulk-operations.js'
import {
  type Client,
  enterpriseUrn,
  groupBody,
  type Headers,
  type Made,
  searchUrn,
  userBody,
  userUrn,
} from '../client.js'
import { replace } from '../patch-operations.js'

/** The resources of a refused request. */
export interface RefusedSubject {
  /** An existing user. The header `X-Caller` makes this user the subject of a request. */
  readonly user: Made
  /** An unused userName and displayName, for resources that must not be created. */
  readonly name: string
}

/** A request, and the expected refusal. */
export interface RefusedRequest {
  readonly id: string
  readonly title: string
  /** The operation that the host refuses: its kind, or kind and resource type with a dot between. */
  readonly refuses: string
  /** The place of the 403: the response, a response without a body, or the result of each bulk operation. */
  readonly in: 'answer' | 'head' | 'results'
  readonly send: (client: Client, subject: RefusedSubject, headers: Headers) => Promise<Answer>
}

type Row = readonly [id: string, refuses: string, title: string, send: RefusedRequest['send']]

const refusals = (where: RefusedRequest['in'], rows: readonly Row[]): readonly RefusedRequest[] =>
  rows.map(([id, refuses, title, send]) => ({ id, title, refuses, in: where, send }))

const search: Json = { schemas: [searchUrn], count: 1 }

const direct: readonly RefusedRequest[] = [
  ...refusals('answer', [
    ['get', 'get.User', 'GET of a resource', (client, { user }, headers) => client.get(user.path, headers)],
  ]),
  ...refusals('head', [
    ['head', 'get.User', 'HEAD of a resource', (client, { user }, headers) => client.head(user.path, headers)],
  ]),
  ...refusals('answer', [
    [
      'get-conditional',
      'get.User',
      'GET of a resource with If-None-Match',
      (client, { user }, headers) => client.get(user.path, { ...headers, 'If-None-Match': user.tag }),
    ],
    [
      'post',
      'create.User',
      'POST to a collection',
      (client, { name }, headers) => client.post('/Users', userBody({ userName: name }), headers),
    ],
    [
      'put',
      'replace.User',
      'PUT',
      (client, { user, name }, headers) => client.put(user.path, userBody({ userName: name }), headers),
    ],
    [
      'patch',
      'patch.User',
      'PATCH',
      (client, { user, name }, headers) => client.patch(user.path, renaming(name), headers),
    ],
    ['delete', 'remove.User', 'DELETE', (client, { user }, headers) => client.remove(user.path, headers)],
  ]),
]

const lists: readonly RefusedRequest[] = [
  ...refusals('answer', [
    ['list', 'query.User', 'GET of a collection', (client, _, headers) => client.get('/Users?count=1', headers)],
  ]),
  ...refusals('head', [
    ['list-head', 'query.User', 'HEAD of a collection', (client, _, headers) => client.head('/Users?count=1', headers)],
  ]),
  ...refusals('answer', [
    [
      'list-cursor',
      'query.User',
      'a page by cursor',
      (client, _, headers) => client.get('/Users?count=1&cursor', headers),
    ],
    [
      'search',
      'query.User',
      'POST /.search below a collection',
      (client, _, headers) => client.post('/Users/.search', search, headers),
    ],
    [
      'root-list',
      'query',
      'GET of the root, if every type is refused',
      (client, _, headers) => client.get('/?count=1', headers),
    ],
    [
      'root-search',
      'query',
      'POST /.search at the root, if every type is refused',
      (client, _, headers) => client.post('/.search', search, headers),
    ],
  ]),
]

type MyRequest = readonly [method: string, kind: string, where: RefusedRequest['in'], send: RefusedRequest['send']]

const myRequests: readonly MyRequest[] = [
  ['get', 'get', 'answer', (client, _, headers) => client.get('/Me', headers)],
  ['head', 'get', 'head', (client, _, headers) => client.head('/Me', headers)],
  ['put', 'replace', 'answer', (client, { name }, headers) => client.put('/Me', userBody({ userName: name }), headers)],
  ['patch', 'patch', 'answer', (client, { name }, headers) => client.patch('/Me', renaming(name), headers)],
  ['delete', 'remove', 'answer', (client, _, headers) => client.remove('/Me', headers)],
]

const mine: readonly RefusedRequest[] = myRequests.flatMap(([method, kind, where, send]): readonly RefusedRequest[] => {
  const asCaller: RefusedRequest['send'] = (client, subject, headers) =>
    send(client, subject, { ...headers, 'X-Caller': subject.user.id })
  const name = method.toUpperCase()
  return [
    { id: `me-${method}`, title: `${name} /Me, if /Me is refused`, refuses: 'me', in: where, send: asCaller },
    {
      id: `me-${method}-resource`,
      title: `${name} /Me, if ${kind} of the resource behind it is refused`,
      refuses: `${kind}.User`,
      in: where,
      send: asCaller,
    },
  ]
})

const discovery: readonly RefusedRequest[] = [
  '/ServiceProviderConfig',
  '/ResourceTypes',
  '/ResourceTypes/User',
  '/Schemas',
  `/Schemas/${userUrn}`,
].map((path) => ({
  id: `discover${path.slice(0, 40).replaceAll('/', '-')}`,
  title: `GET ${path}`,
  refuses: 'discover',
  in: 'answer',
  send: (client, _, headers) => client.get(path, headers),
}))

const inBulk: readonly RefusedRequest[] = [
  ...refusals('answer', [
    ['bulk', 'bulk', 'POST /Bulk, if bulk is refused', bulkOf(({ user }) => [removal(user.path)])],
  ]),
  ...refusals('results', [
    [
      'bulk-post',
      'create.User',
      'POST in a bulk request',
      bulkOf(({ name }) => [{ method: 'POST', path: '/Users', bulkId: 'a', data: userBody({ userName: name }) }]),
    ],
    [
      'bulk-put',
      'replace.User',
      'PUT in a bulk request',
      bulkOf(({ user, name }) => [{ method: 'PUT', path: user.path, data: userBody({ userName: name }) }]),
    ],
    [
      'bulk-patch',
      'patch.User',
      'PATCH in a bulk request',
      bulkOf(({ user, name }) => [patching(user.path, renaming(name))]),
    ],
    ['bulk-delete', 'remove.User', 'DELETE in a bulk request', bulkOf(({ user }) => [removal(user.path)])],
    [
      'bulk-circle',
      'create',
      'POSTs of a bulk request that refer to each other',
      bulkOf(({ name }) => [
        {
          method: 'POST',
          path: '/Groups',
          bulkId: 'a',
          data: groupBody({ displayName: name, members: memberOf('b') }),
        },
        {
          method: 'POST',
          path: '/Groups',
          bulkId: 'b',
          data: groupBody({ displayName: name, members: memberOf('a') }),
        },
      ]),
    ],
    [
      'bulk-circle-of-one',
      'create.User',
      'a POST of a bulk request that refers to itself',
      bulkOf(({ name }) => {
        const manager = { [enterpriseUrn]: { manager: { value: 'bulkId:a' } } }
        const data = userBody({ schemas: [userUrn, enterpriseUrn], userName: name, ...manager })
        return [{ method: 'POST', path: '/Users', bulkId: 'a', data }]
      }),
    ],
  ]),
]

function renaming(name: string): readonly Json[] {
  return [replace('userName', name)]
}

function memberOf(bulkId: string): readonly Json[] {
  return [{ value: `bulkId:${bulkId}` }]
}

function bulkOf(operations: (subject: RefusedSubject) => readonly Json[]): RefusedRequest['send'] {
  return (client, subject, headers) =>
    client.post('/Bulk', { schemas: [bulkRequestUrn], Operations: operations(subject) }, headers)
}

/** All of them. */
export const refusedRequests: readonly RefusedRequest[] = [...direct, ...lists, ...mine, ...discovery, ...inBulk]
