/**
 * Requests of one tenant that name something of another. Each has a control: the same request with something that no
 * tenant has. A tenant must not be able to distinguish their responses.
 */
import type { ExchangeRequest } from '../exchange.js'
import type { SeededRandom } from '../seeded-random.js'
import { ask, bulk, coreGroup, enterpriseUser, list, patch, search, send } from './messages.js'
import { type TenantWorld, user } from './world.js'

/** Something of another tenant, or its counterpart that no tenant has. */
export interface Named {
  readonly userId: string
  readonly groupId: string
  readonly userName: string
  readonly displayName: string
  readonly externalId: string
  readonly tag: string
  readonly cursor: string
  /** A name for resources that the attack itself creates, other than `userName`. */
  readonly ownName: string
}

/** Requests in their order; those that undo the others come last. */
export interface Attack {
  readonly name: string
  requests(self: TenantWorld, named: Named, random: SeededRandom): readonly ExchangeRequest[]
  /** The requests that remove what the others have created, by the ids in their responses. */
  readonly removesCreated?: boolean
}

const notConditional = {}
const details = { Prefer: 'conflict-details' }

/** Requests about one resource of another tenant. */
const addressed: readonly Attack[] = [
  {
    name: 'read',
    requests: (_self, { userId, groupId }) => [
      ask('GET', `/Users/${userId}`),
      ask('HEAD', `/Users/${userId}`),
      ask('GET', `/Groups/${groupId}`),
      ask('GET', `/Groups/${userId}`),
    ],
  },
  {
    name: 'read with a tag',
    requests: (_self, { userId, tag }) => [
      ask('GET', `/Users/${userId}`, { 'If-None-Match': tag }),
      ask('GET', `/Users/${userId}`, { 'If-Match': tag }),
    ],
  },
  {
    name: 'replace',
    requests: (_self, { userId, tag, ownName }, random) => [
      send(
        'PUT',
        `/Users/${userId}`,
        user(ownName),
        random.pick([notConditional, { 'If-Match': tag }, { 'If-Match': '*' }, { 'If-Match': 'W/"1-x"', ...details }]),
      ),
    ],
  },
  {
    name: 'patch',
    requests: (_self, { userId, groupId, tag }, random) => [
      patch(
        random.pick([`/Users/${userId}`, `/Groups/${groupId}`]),
        [{ op: 'replace', path: 'displayName', value: 'taken' }],
        random.pick([notConditional, { 'If-Match': tag }, details]),
      ),
    ],
  },
  {
    name: 'remove',
    requests: (_self, { userId, groupId, tag }, random) => [
      ask(
        'DELETE',
        random.pick([`/Users/${userId}`, `/Groups/${groupId}`]),
        random.pick([notConditional, { 'If-Match': tag }]),
      ),
    ],
  },
  {
    name: 'bulk',
    requests: (self, { userId, groupId, tag, ownName }) => [
      bulk([
        { method: 'PUT', path: `/Users/${userId}`, data: user(ownName) },
        {
          method: 'PATCH',
          path: `/Groups/${groupId}`,
          version: tag,
          data: { Operations: [{ op: 'add', path: 'members', value: [{ value: self.employee.id }] }] },
        },
        { method: 'DELETE', path: `/Users/${userId}` },
        { method: 'DELETE', path: `/Groups/${groupId}`, version: tag },
      ]),
    ],
  },
]

/** Questions whose answer could show what another tenant has. */
const asked: readonly Attack[] = [
  {
    name: 'filter',
    requests: (_self, named, random) => {
      const { userId, userName, externalId } = named
      const filter = random.pick([
        `id eq "${userId}"`,
        `userName eq "${userName}"`,
        `externalId eq "${externalId}"`,
        `userName sw "${userName.slice(0, -4)}"`,
        `${enterpriseUser}:manager.value eq "${userId}"`,
        `groups.value eq "${named.groupId}"`,
        `userName eq "${userName}" or id eq "${userId}"`,
      ])
      return [list('/Users', filter), search('/Users', filter)]
    },
  },
  {
    name: 'filter of groups',
    requests: (_self, { userId, groupId, displayName }, random) => {
      const filter = random.pick([
        `id eq "${groupId}"`,
        `displayName eq "${displayName}"`,
        `members[value eq "${userId}"]`,
        `members.value eq "${userId}"`,
      ])
      return [list('/Groups', filter), search('/Groups', filter)]
    },
  },
  {
    name: 'search at the root',
    requests: (_self, { userId, groupId }, random) => [
      search('', `id eq "${random.pick([userId, groupId])}"`),
      list('/', `id eq "${userId}"`),
    ],
  },
  {
    name: 'cursor',
    requests: (_self, { cursor }) => [ask('GET', `/Users?count=1&cursor=${encodeURIComponent(cursor)}`)],
  },
]

/** References of a tenant's own resources to those of another. */
const referring: readonly Attack[] = [
  {
    name: 'member',
    requests: ({ group, employee }, { userId, groupId }, random) => {
      const value = random.pick([userId, groupId])
      const $ref = `https://scim.example/scim/v2/Users/${value}`
      return [
        patch(group.path, [
          { op: 'add', path: 'members', value: [{ value, $ref, type: random.pick(['User', 'Group']) }] },
        ]),
        ask('GET', group.path),
        list('/Groups', `members.display pr`),
        list('/Groups', `members[value eq "${value}" and display pr]`),
        patch(group.path, [{ op: 'remove', path: `members[value eq "${value}"]` }]),
        ask('GET', employee.path),
      ]
    },
  },
  {
    name: 'manager',
    requests: ({ employee }, { userId }) => [
      patch(employee.path, [{ op: 'add', path: `${enterpriseUser}:manager`, value: { value: userId } }]),
      ask('GET', employee.path),
      list('/Users', `${enterpriseUser}:manager.displayName pr`),
      patch(employee.path, [{ op: 'remove', path: `${enterpriseUser}:manager` }]),
      ask('GET', employee.path),
    ],
  },
  {
    name: 'group of others',
    removesCreated: true,
    requests: (_self, { userId, groupId, ownName }) => [
      send('POST', '/Groups', {
        schemas: [coreGroup],
        displayName: ownName,
        members: [{ value: userId }, { value: groupId }],
      }),
    ],
  },
  {
    name: 'bulkId',
    removesCreated: true,
    requests: (_self, { userId, ownName }) => [
      bulk([
        { method: 'POST', path: '/Users', bulkId: 'own', data: user(ownName) },
        {
          method: 'POST',
          path: '/Groups',
          bulkId: 'group',
          data: { schemas: [coreGroup], displayName: ownName, members: [{ value: 'bulkId:own' }, { value: userId }] },
        },
        {
          method: 'POST',
          path: '/Groups',
          bulkId: 'other',
          data: { schemas: [coreGroup], displayName: ownName, members: [{ value: `bulkId:${userId}` }] },
        },
      ]),
    ],
  },
]

/** Unique values and keys of another tenant. */
const claiming: readonly Attack[] = [
  {
    name: 'unique name',
    removesCreated: true,
    requests: (_self, { userName, externalId }) => [send('POST', '/Users', user(userName, { externalId }))],
  },
  {
    name: 'unique name by PATCH',
    requests: ({ employee }, { userName }) => [
      patch(employee.path, [{ op: 'replace', path: 'userName', value: userName }]),
      patch(employee.path, [{ op: 'replace', path: 'userName', value: employee.name }]),
    ],
  },
  {
    name: 'id of another',
    removesCreated: true,
    requests: (_self, { userId, ownName }) => [
      send('POST', '/Users', user(ownName, { id: userId, externalId: userId })),
    ],
  },
]

/** Lists of everything: they have no control, only marks. */
export const plainLists: readonly ExchangeRequest[] = [
  ask('GET', '/Users?count=200'),
  ask('GET', '/Groups?count=200'),
  ask('GET', '/?count=200'),
  ask('GET', '/Users?sortBy=userName&count=200'),
  ask('GET', '/Users?cursor&count=200'),
  search('', 'id pr'),
  list('/Users', 'not (userName eq "x")'),
  ask('GET', '/Schemas'),
  ask('GET', '/ServiceProviderConfig'),
]

/** All of them. */
export const attacks: readonly Attack[] = [...addressed, ...asked, ...referring, ...claiming]
