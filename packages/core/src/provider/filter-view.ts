/**
 * A resource as filters and sorts see it: its document, with the attributes that are stored elsewhere or computed. One
 * definition for all providers, so that the same filter finds the same resources on each of them.
 * @see RFC 7644 §3.4.2.2, §3.4.2.3; RFC 7643 §3.1 (`meta`), §4.1.2 (`groups`), §4.3 (`manager.displayName`)
 */
import type { JsonObject, JsonValue } from '../json/value.js'
import { managerIn } from '../resource/manager.js'
import type { Member } from '../resource/member.js'
import { enterpriseUserSchema } from '../schema/standard/enterprise-user.js'
import { httpVersion } from '../versioning/version.js'
import type { GroupMembership, Query, StoredMeta } from './provider.js'
import { overlapsAny, pathsUsedBy } from './query-in-memory.js'

const urn: string = enterpriseUserSchema.id

/** The full path of the manager's name, which is looked up in the manager's own document. */
export const managerNamePath: string = `${urn}:manager.displayName`

/** The parts of a view besides the document. `meta.location` and `$ref` depend on the URL of the request and are in none. */
export interface ViewParts {
  readonly members?: readonly Member[] | undefined
  readonly groups?: readonly GroupMembership[] | undefined
  readonly managerName?: string | undefined
  readonly meta?: Pick<StoredMeta, 'ref' | 'created' | 'lastModified' | 'version'> | undefined
}

/** The parts that a query uses; only these need to be read. */
export type ViewNeeds = Readonly<Record<keyof ViewParts, boolean>>

/** The parts of a view that filter or sort use. */
export function viewNeedsOf(query: Pick<Query, 'filter' | 'sort'>): ViewNeeds {
  const paths = pathsUsedBy(query)
  return {
    members: overlapsAny(paths, 'members'),
    groups: overlapsAny(paths, 'groups'),
    managerName: overlapsAny(paths, managerNamePath),
    meta: overlapsAny(paths, 'meta'),
  }
}

/** The view: the document with these parts; the document itself is left as it is. */
export function filterView(document: JsonObject, { members, groups, managerName, meta }: ViewParts): JsonObject {
  let view = document
  // Not Object.assign: spreading keeps a key named __proto__ as an own property.
  if (members !== undefined) view = { ...view, members: asJson(members) }
  if (groups !== undefined) view = { ...view, groups: asJson(groups) }
  if (managerName !== undefined) view = withManagerName(view, managerName)
  if (meta !== undefined) view = { ...view, meta: metaOf(meta) }
  return view
}

/** The id of a user's manager; undefined if the document names none. */
export function managerIdOf(document: JsonObject): string | undefined {
  return managerIn(document, urn)?.id
}

function withManagerName(document: JsonObject, displayName: string): JsonObject {
  const found = managerIn(document, urn)
  if (found === undefined) return document
  return { ...document, [urn]: { ...found.extension, manager: { ...found.manager, displayName } } }
}

function metaOf({ ref, created, lastModified, version }: NonNullable<ViewParts['meta']>): JsonObject {
  return { resourceType: ref.type, created, lastModified, version: httpVersion(version) }
}

// Members and memberships are interfaces of JSON values, which TypeScript does not accept as a JsonObject.
function asJson(values: readonly object[]): JsonValue {
  return values as unknown as JsonValue
}
