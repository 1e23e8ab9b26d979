import type { AttributePath } from '../schema/attribute.js'
import type { Filter } from './ast.js'
import { visitTerms } from './visit-terms.js'

/**
 * The attributes that a filter reads, by their full canonical paths: `emails`, `name.givenName`,
 * `urn:…:User:manager.value`, or an extension's URN. `members[value eq "x"]` gives both `members` and `members.value`.
 * Unknown attributes are left out. For a provider that loads no more than necessary, and for access rules.
 */
export function attributesOf(filter: Filter): ReadonlySet<string> {
  const paths = new Set<string>()
  visitTerms(filter, ({ path }) => {
    if (path.known) paths.add(fullPath(path))
  })
  return paths
}

/** The full canonical path, also of a path that is relative to an element. */
export function fullPath(path: AttributePath): string {
  return (path.sub ?? path.attribute)?.path ?? path.extension?.id ?? path.text
}
