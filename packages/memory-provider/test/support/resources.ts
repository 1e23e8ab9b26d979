/** Resources of the tests, and how they are stored. */

import { defaultLimits, type JsonObject, type ResourceRef, rawVersion, userType } from '@scimkit/core'
import { interopFrom, parseFilter } from '@scimkit/core/filter'
import { caseKey, documentOnly, type Query, type ResourceProvider } from '@scimkit/core/provider'
import { compileResourceType, resolvePath } from '@scimkit/core/schema'
import { testContext } from '@scimkit/testkit'

export const context = testContext()

export const users = compileResourceType(userType)

export const interop = interopFrom('lenient')

export const at = '2026-01-01T00:00:00.000Z'

export async function insert(
  provider: ResourceProvider,
  ref: ResourceRef,
  attributes: JsonObject,
  members: readonly string[] = [],
) {
  const { userName } = attributes
  const unique = typeof userName === 'string' ? [{ attribute: 'userName', key: caseKey(userName) }] : []
  const add = members.map((value) => ({ value }))
  const resource = { id: ref.id, ...attributes }
  const delta = ref.type === 'Group' ? { add, remove: [] } : undefined
  await provider.insert(ref, { resource, version: rawVersion('1-a'), at, unique, members: delta }, context)
}

export function listOf(
  text: string | undefined,
  sortBy?: string,
  page: Query['page'] = { startIndex: 1, count: 200 },
): Query {
  const path = sortBy === undefined ? undefined : resolvePath(users, sortBy, interop)
  const filter = text === undefined ? undefined : parseFilter(text, users, interop, defaultLimits)
  return { filter, sort: path && { path, descending: false }, page, needs: documentOnly }
}
