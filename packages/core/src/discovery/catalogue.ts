/**
 * The resource types that are served, compiled, with their discovery documents. Compiling is done once for each list of
 * definitions: a host that serves tenants differently returns the same list for the same tenant.
 * @see RFC 7643 §6, §7
 */
import { jsonEqual } from '../json/value.js'
import type { Ports } from '../ports.js'
import type { ResourceType } from '../schema/attribute.js'
import { compileResourceType } from '../schema/compile.js'
import type { ResourceTypeDefinition } from '../schema/schema-definition.js'
import { type DiscoveryDocuments, discoveryDocuments, schemaDocument } from './discovery-documents.js'
import type { ConfigSource } from './service-provider-config.js'

/** The resource types of requests. */
export interface Catalogue {
  /** By name. */
  readonly types: ReadonlyMap<string, ResourceType>
  readonly discovery: DiscoveryDocuments
}

/** The settings that all catalogues of a server share. */
export type CatalogueSource = Omit<ConfigSource, 'offered'> & { readonly digest: Ports['digest'] }

/**
 * Catalogues by their definitions; an entry is collected when the host drops its list. Throws a TypeError that names
 * the invalid part of a definition.
 */
export function catalogues(source: CatalogueSource): (definitions: readonly ResourceTypeDefinition[]) => Catalogue {
  const known = new WeakMap<readonly ResourceTypeDefinition[], Catalogue>()
  return (definitions) => {
    const found = known.get(definitions)
    if (found !== undefined) return found
    const types = compileTypes(definitions, source.changePassword)
    const catalogue = { types, discovery: discoveryDocuments({ ...source, types: types.values() }) }
    known.set(definitions, catalogue)
    return catalogue
  }
}

function compileTypes(
  definitions: readonly ResourceTypeDefinition[],
  takesPasswords: boolean,
): ReadonlyMap<string, ResourceType> {
  const types = new Map<string, ResourceType>()
  for (const definition of definitions) {
    const type = compileResourceType(takesPasswords ? definition : withUnusedPassword(definition))
    const taken = [...types.values()].find(({ name, endpoint }) => name === type.name || endpoint === type.endpoint)
    if (taken !== undefined)
      throw new TypeError(`resourceTypes: "${type.name}" and "${taken.name}" have the same name or endpoint`)
    checkShared(type, types.values())
    types.set(type.name, type)
  }
  if (types.size === 0) throw new TypeError('resourceTypes: at least one is required')
  return types
}

// A URN has one schema: /Schemas could not show two.
function checkShared(type: ResourceType, others: Iterable<ResourceType>): void {
  const schemasOf = ({ schema, extensions }: ResourceType) => [
    schema,
    ...extensions.map((extension) => extension.schema),
  ]
  for (const other of [...others].flatMap(schemasOf)) {
    const same = schemasOf(type).find(({ id }) => id.toLowerCase() === other.id.toLowerCase())
    if (same !== undefined && !jsonEqual(schemaDocument(same), schemaDocument(other))) {
      throw new TypeError(`resourceTypes: ${other.id} identifies two different schemas`)
    }
  }
}

// Without a host that takes passwords: a password that is sent is ignored, it is not in /Schemas, and filters on it are
// still refused.
function withUnusedPassword(definition: ResourceTypeDefinition): ResourceTypeDefinition {
  const password = definition.schema.attributes.password
  if (password === undefined) return definition
  const unused = { ...password, mutability: 'readOnly', returned: 'never' } as const
  return {
    ...definition,
    schema: { ...definition.schema, attributes: { ...definition.schema.attributes, password: unused } },
  }
}
