/**
 * A tenant in which lists are as expensive as the limits allow, with the most expensive requests. Any store can be filled
 * with it.
 */
import { type Operation, type ResourceRef, rawVersion } from '@scimkit/core'
import type { SearchRequest } from '@scimkit/core/operations'
import { caseKey, type Next } from '@scimkit/core/provider'

const core = 'urn:ietf:params:scim:schemas:core:2.0'
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** The size of a tenant. */
export interface TenantSize {
  readonly users: number
  /** Members of each of ten large groups. */
  readonly members: number
  /** Groups that are nested in each other; the first 200 users are in each of them. */
  readonly nested: number
}

/** The inserts that fill the tenant. */
export function* hostileTenant({ users, members, nested }: TenantSize): Generator<{ ref: ResourceRef; next: Next }> {
  for (let i = 0; i < users; i++) yield userOf(i, users)
  for (let i = 0; i < 10; i++) yield groupOf(`large${i}`, idsOf('u', members))
  const inside = idsOf('u', Math.min(users, 200))
  const groups = idsOf('nested', nested)
  for (const id of groups) yield groupOf(id, [...groups.filter((other) => other !== id), ...inside])
  const resource = { schemas: [`${core}:User`], id: 'long', userName: 'long', title: 'ä'.repeat(65_536) }
  yield insertOf('User', resource)
}

function userOf(i: number, users: number): { ref: ResourceRef; next: Next } {
  // An order different from that of insertion.
  const other = (i * 7_919) % users
  return insertOf('User', {
    schemas: [`${core}:User`, enterprise],
    id: `u${i}`,
    userName: `User${other}@Example.com`,
    displayName: `Name ${i % 1_000}`,
    name: { givenName: `Given ${i % 500}`, familyName: `Family ${other}` },
    active: i % 3 > 0,
    emails: [
      { value: `user${other}@example.com`, type: 'work', primary: true },
      { value: `u${i}@home.example`, type: 'home' },
    ],
    [enterprise]: { employeeNumber: String(i), manager: { value: `u${(i * 17) % users}` } },
  })
}

function groupOf(id: string, members: readonly string[]): { ref: ResourceRef; next: Next } {
  const { ref, next } = insertOf('Group', { schemas: [`${core}:Group`], id, displayName: `Group ${id}` })
  return { ref, next: { ...next, members: { add: members.map((value) => ({ value })), remove: [] } } }
}

function insertOf(
  type: string,
  resource: Next['resource'] & { readonly id: string; readonly userName?: string },
): { ref: ResourceRef; next: Next } {
  const { id, userName } = resource
  const unique = userName === undefined ? [] : [{ attribute: 'userName', key: caseKey(userName) }]
  const next = { resource, version: rawVersion('1-a-b'), at: '2026-01-01T00:00:00.000Z', unique, members: undefined }
  return { ref: { type, id }, next }
}

function idsOf(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i}`)
}

/** The most expensive requests that are legal, by name. */
export function hostileRequests({ users }: TenantSize): readonly (readonly [string, Operation])[] {
  const list = (name: string, type: string | undefined, search: SearchRequest): readonly [string, Operation] => [
    name,
    { kind: 'query', search, ...(type !== undefined && { type }) },
  ]
  const lists = [
    list('100 × ne', 'User', { filter: terms(100, (i) => `title ne "${i}"`) }),
    list('30 × ne', 'User', { filter: terms(30, (i) => `title ne "${i}"`) }),
    list('100 × gt', 'User', { filter: terms(100, (i) => `userName gt "${i}"`) }),
    list('100 × not co', 'User', { filter: terms(100, (i) => `not (userName co "zz${i}")`) }),
    list('30 × not co on a list', 'User', { filter: terms(30, (i) => `not (emails.value co "zz${i}")`) }),
    list('20 value paths', 'User', { filter: terms(20, (i) => `emails[type eq "work" and value co "zz${i}"]`, 'or') }),
    list('groups', 'User', { filter: 'groups.display co "zz"' }),
    list('20 × groups', 'User', { filter: terms(20, (i) => `groups.display co "zz${i}"`, 'or') }),
    list('the name of the manager', 'User', { filter: 'manager.displayName co "zz"' }),
    list('meta', 'User', { filter: 'meta.lastModified gt "2020-01-01T00:00:00Z" and meta.created pr' }),
    list('sort by userName', 'User', { sortBy: 'userName' }),
    list('sort by a part, deep', 'User', {
      sortBy: 'name.familyName',
      sortOrder: 'descending',
      startIndex: Math.max(1, users - 100),
    }),
    list('sort by a list, by cursor', 'User', { sortBy: 'emails.value', cursor: '', count: 200 }),
    list('sort by groups', 'User', { sortBy: 'groups.display' }),
    list('sort by the name of the manager', 'User', { sortBy: 'manager.displayName' }),
    list('deep startIndex', 'User', { startIndex: Math.max(1, users - 100), count: 200 }),
    list('200 users in nested groups', 'User', { count: 200 }),
    list('groups with members', 'Group', { count: 200 }),
    list('100 × members', 'Group', { filter: terms(100, (i) => `members.value co "zz${i}"`, 'or') }),
    list('20 value paths on members', 'Group', {
      filter: terms(20, (i) => `members[value co "zz${i}" or display co "yy"]`, 'or'),
    }),
    list('sort by members', 'Group', { sortBy: 'members.value' }),
    list('100 × co on a long text', 'User', {
      filter: `id eq "long" and (${terms(99, (i) => `title co "${i}z"`, 'or')})`,
    }),
    list('all types, filtered', undefined, { filter: terms(15, (i) => `displayName ne "${i}"`) }),
    list('all types, sorted', undefined, { sortBy: 'displayName', count: 200 }),
    list('all types, sorted, deep', undefined, { sortBy: 'displayName', startIndex: 9_800, count: 200 }),
    list('all types, sorted, by cursor', undefined, { sortBy: 'displayName', cursor: '', count: 200 }),
  ]
  return [...lists, ['a user in nested groups', { kind: 'get', ref: { type: 'User', id: 'u1' } }]]
}

function terms(count: number, term: (i: number) => string, joint: 'and' | 'or' = 'and'): string {
  return Array.from({ length: count }, (_, i) => term(i)).join(` ${joint} `)
}
