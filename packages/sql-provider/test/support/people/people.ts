/** Users for tests that speak to a provider directly. */
import { type RawVersion, type ResourceRef, rawVersion } from '@scimkit/core'
import { caseKey, type Next } from '@scimkit/core/provider'

export const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User'

/** The name of a user to a provider. */
export const userRef = (id: string): ResourceRef => ({ type: 'User', id })

/** The version that {@link person} has in that generation. */
export const versionOf = (generation: number): RawVersion => rawVersion(`${generation}-v${generation}`)

/** What an insert or replace of a user says. */
export function person(id: string, userName: string, generation = 1): Next {
  return {
    resource: { schemas: [userSchema], id, userName, nickName: `nick of ${userName}` },
    version: versionOf(generation),
    at: '2026-01-01T00:00:00.000Z',
    unique: [{ attribute: 'userName', key: caseKey(userName) }],
    members: undefined,
  }
}
