/** Resource types are inferred from schemas; filters and tags have their own types. */
import {
  type AnyResource,
  type Draft,
  type EnterpriseUser,
  type Filter,
  filter,
  type Group,
  type InferResource,
  rawFilter,
  type User,
} from '@scimkit/client'
import { defineSchema } from '@scimkit/core'

type Equal<Left, Right> =
  (<Given>() => Given extends Left ? 1 : 2) extends <Given>() => Given extends Right ? 1 : 2 ? true : false
const same = <Claim extends true>(claim: Claim): Claim => claim

declare const user: User
declare const group: Group
declare const any: AnyResource

same<Equal<typeof user.userName, string>>(true)
same<Equal<typeof user.active, boolean | undefined>>(true)
export const given: string | undefined = user.name?.givenName
export const firstMail: string | undefined = user.emails?.[0]?.value
export const enterprise: EnterpriseUser | undefined = user['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User']
export const member: string | undefined = group.members?.[0]?.value
export const unknown: unknown = any.whatever

// Canonical values are suggested, other values are accepted.
export const draft: Draft<User> = { userName: 'ada', emails: [{ value: 'a@b', type: 'boat' }], title: undefined }
// @ts-expect-error userName is required
export const nameless: Draft<User> = { title: 'Countess' }
// @ts-expect-error no such attribute
export const misspelled: Draft<User> = { username: 'ada', userName: 'ada' }
// @ts-expect-error resources are read-only
user.title = 'Countess'

const badge = defineSchema({
  id: 'urn:example:badge:1.0:User',
  name: 'Badge',
  attributes: {
    number: { type: 'integer', required: true },
    doors: { multiValued: true },
    color: { canonicalValues: ['blue', 'red'] },
  },
})
type Badged = InferResource<typeof badge>
declare const badged: Badged
same<Equal<typeof badged.number, number>>(true)
same<Equal<typeof badged.doors, readonly string[] | undefined>>(true)
same<Equal<typeof badged.color, 'blue' | 'red' | (string & {}) | undefined>>(true)

// A filter is created by a function, not by a literal.
export const made: Filter = filter`userName eq ${'ada'} and active eq ${true} and meta.created gt ${new Date()}`
export const within: Filter = filter`${made} or not (${rawFilter('title pr')})`
// @ts-expect-error a string is not a filter
export const text: Filter = 'userName eq "ada"'
// @ts-expect-error undefined is not a value
filter`userName eq ${undefined}`
// @ts-expect-error a list is not a value
filter`userName eq ${['ada']}`
