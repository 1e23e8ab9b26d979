import * as fc from 'fast-check'

/** The target of an operation: the n-th of the few users or groups of a run; wraps around. */
export interface Target {
  readonly type: 'User' | 'Group'
  readonly slot: number
}

/** The precondition that a client sends. */
export type Condition = 'none' | 'current' | 'stale' | 'star' | 'list' | 'none-match-current' | 'none-match-star'

/** One step of a sequence; impossible steps (a PUT of an unknown id) are sent too. */
export type Step =
  | { readonly kind: 'create'; readonly target: Target; readonly document: Document }
  | {
      readonly kind: 'put'
      readonly target: Target
      readonly document: Document
      readonly condition: Condition
      readonly projection: string
    }
  | { readonly kind: 'put-back'; readonly target: Target; readonly condition: Condition }
  | {
      readonly kind: 'patch'
      readonly target: Target
      readonly operations: readonly object[]
      readonly condition: Condition
      readonly projection: string
      readonly minimal: boolean
    }
  | { readonly kind: 'delete'; readonly target: Target; readonly condition: Condition }
  | {
      readonly kind: 'get'
      readonly target: Target
      readonly condition: Condition
      readonly projection: string
      readonly method: 'GET' | 'HEAD'
    }
  | { readonly kind: 'list'; readonly type: 'User' | 'Group'; readonly projection: string; readonly search: boolean }

/** Attributes of a document in a POST or PUT; `{user:n}` is replaced by the id of the n-th user, also in operations. */
export type Document = Readonly<Record<string, unknown>>

/** The maximum number of users, and of groups, of a run. */
export const slots = 3

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

// Few values, so that writing the same value again, and returning to an old value (A, B, A), are frequent.
const text = fc.constantFrom('a', 'b', 'A', 'á', 'a\u0301', '')
const userId = fc.nat(slots - 1).map((slot) => `{user:${slot}}`)
const email = fc.record(
  {
    value: fc.constantFrom('a@x.example', 'b@x.example'),
    type: fc.constantFrom('work', 'home'),
    primary: fc.boolean(),
  },
  { requiredKeys: ['value'] },
)
const members = fc.array(fc.record({ value: userId }), { maxLength: 3 })

const userDocument: fc.Arbitrary<Document> = fc.record(
  {
    userName: fc.constantFrom('ann', 'bob', 'Ann', 'cy'),
    title: fc.oneof(text, fc.constant(null)),
    active: fc.boolean(),
    name: fc.record({ givenName: text, familyName: text }, { requiredKeys: [] }),
    emails: fc.array(email, { maxLength: 3 }),
    [enterprise]: fc.record({ department: text, manager: fc.record({ value: userId }) }, { requiredKeys: [] }),
    meta: fc.constant({ version: 'W/"forged"', lastModified: '2001-01-01T00:00:00Z' }),
    unknown: text,
    password: fc.constant('not kept'),
  },
  { requiredKeys: ['userName'] },
)
const groupDocument: fc.Arbitrary<Document> = fc.record(
  { displayName: fc.constantFrom('all', 'some'), externalId: text, members },
  { requiredKeys: ['displayName'] },
)

const op = fc.constantFrom('add', 'replace', 'Add', 'Replace')
const userOperation: fc.Arbitrary<object> = fc.oneof(
  fc.record({ op, path: fc.constantFrom('title', 'displayName', 'name.givenName'), value: text }),
  fc.record({ op, path: fc.constant('active'), value: fc.constantFrom(true, false, 'True', 'perhaps') }),
  fc.record({ op, path: fc.constant('emails'), value: fc.array(email, { maxLength: 2 }) }),
  fc.record({
    op,
    path: fc.constant('emails[type eq "work"].value'),
    value: fc.constantFrom('a@x.example', 'c@x.example'),
  }),
  fc.record({ op, path: fc.constant('userName'), value: fc.constantFrom('ann', 'bob', 'ANN') }),
  fc.record({ op, path: fc.constant(`${enterprise}:department`), value: text }),
  fc.record({ op, path: fc.constant(`${enterprise}:manager`), value: userId }),
  fc.record({ op, value: fc.record({ title: text, nickName: text, groups: fc.constant([]) }, { requiredKeys: [] }) }),
  fc.record({
    op: fc.constant('remove'),
    path: fc.constantFrom(
      'title',
      'emails',
      'emails[type eq "home"]',
      'name',
      'active',
      enterprise,
      'nickName',
      'userName',
    ),
  }),
)
const groupOperation: fc.Arbitrary<object> = fc.oneof(
  fc.record({ op, path: fc.constant('members'), value: members }),
  fc.record({ op, path: fc.constant('displayName'), value: fc.constantFrom('all', 'some') }),
  fc.record({ op, value: fc.record({ externalId: text, members }, { requiredKeys: [] }) }),
  fc.record({ op: fc.constant('remove'), path: userId.map((id) => `members[value eq "${id}"]`) }),
  fc.record({ op: fc.constant('remove'), path: fc.constant('members'), value: members }),
  fc.record({ op: fc.constant('remove'), path: fc.constantFrom('members', 'externalId') }),
)

const condition: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Condition>('none') },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Condition>('current', 'stale', 'star', 'list', 'none-match-current', 'none-match-star'),
  },
)
const projection = fc.constantFrom(
  '',
  '?attributes=title',
  '?attributes=members',
  '?attributes=meta.version',
  '?attributes=meta',
  '?excludedAttributes=meta',
  '?excludedAttributes=members,groups',
  '?excludedAttributes=meta.version',
  '?attributes=unknown',
)
const slot = fc.nat(slots - 1)
const user = slot.map((n): Target => ({ type: 'User', slot: n }))
const group = slot.map((n): Target => ({ type: 'Group', slot: n }))
const either = fc.oneof(user, group)

const operations = (one: fc.Arbitrary<object>): fc.Arbitrary<readonly object[]> =>
  fc.array(one, { minLength: 1, maxLength: 3 })
const kind = <Kind extends Step['kind']>(name: Kind): fc.Arbitrary<Kind> => fc.constant(name)

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: kind('create'), target: user, document: userDocument }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('create'), target: group, document: groupDocument }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: kind('put'), target: user, document: userDocument, condition, projection }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: kind('put'), target: group, document: groupDocument, condition, projection }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind('put-back'), target: either, condition }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: kind('patch'),
      target: user,
      operations: operations(userOperation),
      condition,
      projection,
      minimal: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: kind('patch'),
      target: group,
      operations: operations(groupOperation),
      condition,
      projection,
      minimal: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('delete'), target: either, condition }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: kind('get'),
      target: either,
      condition,
      projection,
      method: fc.constantFrom<'GET' | 'HEAD'>('GET', 'HEAD'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: kind('list'),
      type: fc.constantFrom<'User' | 'Group'>('User', 'Group'),
      projection,
      search: fc.boolean(),
    }),
  },
)

/** A sequence of steps that starts with creating resources. */
export const sequences: fc.Arbitrary<readonly Step[]> = fc
  .tuple(userDocument, groupDocument, fc.array(step, { minLength: 1, maxLength: 14 }))
  .map(([first, second, steps]) => [
    { kind: 'create', target: { type: 'User', slot: 0 }, document: first },
    { kind: 'create', target: { type: 'Group', slot: 0 }, document: second },
    ...steps,
  ])
