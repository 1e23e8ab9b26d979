import { defaultLimits, type Filter, interopFrom, parseFilter } from '@scimkit/core/filter'
import type { Sort } from '@scimkit/core/provider'
import { compileResourceType, groupType, type ResourceType, resolvePath, userType } from '@scimkit/core/schema'

const interop = interopFrom('lenient')
const types: Readonly<Record<'User' | 'Group', ResourceType>> = {
  User: compileResourceType(userType),
  Group: compileResourceType(groupType),
}

/** Parses a filter for users or groups into the form that the core passes to a provider. */
export function filterOf(type: 'User' | 'Group', text: string): Filter {
  return parseFilter(text, types[type], interop, defaultLimits)
}

/** The order that a client requests with `sortBy` and `sortOrder`. Throws a TypeError for an unknown path. */
export function sortBy(type: 'User' | 'Group', text: string, descending: boolean): Sort {
  const path = resolvePath(types[type], text, interop)
  if (path === undefined) throw new TypeError(`sortBy: ${type} has no attribute "${text}"`)
  return { path, descending }
}
