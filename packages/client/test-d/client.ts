/** The types of arguments and results of the client, and that its unions are closed. */
import {
  type BulkBuilder,
  type BulkCreated,
  type BulkReport,
  type BulkResult,
  type Failure,
  filter,
  type Group,
  type ScimClient,
  type UpdateResult,
  type User,
} from '@scimkit/client'
import { userSchema, userType } from '@scimkit/core'

declare const scim: ScimClient
declare const bulk: BulkBuilder
declare const report: BulkReport

export async function reads(): Promise<void> {
  const whole: string = (await scim.users.get('1')).userName
  const part: string | undefined = (await scim.users.get('1', { attributes: ['title'] })).userName
  // @ts-expect-error it may be undefined
  const surely: string = (await scim.users.get('1', { excludedAttributes: ['userName'] })).userName
  // @ts-expect-error a string is not a filter
  await scim.users.find('userName eq "ada"')
  // @ts-expect-error a string is not a filter here either
  scim.users.all({ filter: 'userName eq "ada"' })
  for await (const { displayName } of scim.groups.all({ filter: filter`displayName sw ${'a'}` })) void displayName
  void [whole, part, surely]
}

export async function writes(user: User, group: Group): Promise<void> {
  await scim.users.update(user, (old) => ({ ...old, title: 'x', nickName: undefined }))
  // @ts-expect-error no such attribute value
  await scim.users.update(user, (old) => ({ ...old, active: 'yes' }))
  // @ts-expect-error a group is not a user
  await scim.users.replace(user, group)
  // @ts-expect-error the change returns nothing
  await scim.users.update(user, () => {})
  // @ts-expect-error there is no such operation
  await scim.users.patch(user, [{ op: 'set', path: 'title', value: 'x' }])
}

const badged = {
  ...userType,
  schema: userSchema,
  extensions: [
    { schema: { id: 'urn:x:badge', name: 'Badge', attributes: { number: { type: 'integer' } } }, required: false },
  ],
} as const
export const number = async (): Promise<number | undefined> =>
  (await scim.resources(badged).get('1'))['urn:x:badge']?.number

const ada = bulk.users.create({ userName: 'ada' })
bulk.users.patch(ada, [])
// @ts-expect-error a user is not a group
bulk.groups.delete(ada)
export const group: BulkCreated<Group> = bulk.groups.create({ displayName: 'x', members: [{ value: ada.reference }] })
export const gone: BulkResult<'DELETE'> = report.resultOf(bulk.users.delete('1'))
// @ts-expect-error a delete has no 'created' result
export const made: BulkResult<'POST'> = report.resultOf(bulk.users.delete('1'))

export function ended(result: UpdateResult<User>): string {
  switch (result.kind) {
    case 'success':
      return result.resource.userName
    case 'conflict':
      return result.unresolved.map(({ path }) => path).join()
    case 'gaveUp':
      return result.reason
    case 'refused':
    case 'outcomeUnknown':
      return result.failure.kind
    case 'notFound':
    case 'noVersion':
      return result.kind
  }
}

// @ts-expect-error one result kind is missing
export function forgetful(failure: Failure): string {
  switch (failure.kind) {
    case 'refused':
    case 'notFound':
    case 'versionMismatch':
      return String(failure.status)
    case 'notSent':
    case 'noResponse':
    case 'aborted':
    case 'invalidResponse':
    case 'multipleMatches':
    case 'bulkLimit':
      return failure.kind
  }
}
