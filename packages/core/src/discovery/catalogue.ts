/**
 * The resource types that are served, compiled, with their discovery documents. Compiling is done once for each list of
 * definitions: a host that serves tenants differently returns the same list for the same tenant.
 * @see RFC 7643 §6, §7
 */
import { jsonEqual } from '../json/value.js'
import type { Limits } from '../limits.js'
import type { Ports } from '../ports.js'
import type { ResourceType } from '../schema/attribute.js'
import { compileResourceType } from '../schema/compile.js'
import type { ResourceTypeDefinition } from '../schema/schema-definition.js'
import {
  type DiscoveryDocuments,
  discoveryDocuments,
  schemaDocument,
  type TypeDocuments,
  typeDocuments,
} from './discovery-documents.js'
import type { ConfigSource } from './service-provider-config.js'

/** The resource types of requests. */
export interface Catalogue {
  /** By name. */
  readonly types: ReadonlyMap<string, ResourceType>
  readonly discovery: DiscoveryDocuments
}

/** The settings that all catalogues of a server share. */
export type CatalogueSource = Omit<ConfigSource, 'offered' | 'limits'> & { readonly digest: Ports['digest'] }

/** The catalogue of resource types for callers with these limits. */
export type CatalogueOf = (definitions: readonly ResourceTypeDefinition[], limits: Limits) => Catalogue

interface Compiled {
  readonly types: Catalogue['types']
  readonly documents: TypeDocuments
  readonly byLimits: WeakMap<Limits, Catalogue>
}

/**
 * Catalogues by their definitions and limits; an entry is collected when the host drops its list. Tenants with the same
 * definitions share all of it but ServiceProviderConfig. Throws a TypeError that names the invalid part of a
 * definition.
 */
export function catalogues(source: CatalogueSource): CatalogueOf {
  const known = new WeakMap<readonly ResourceTypeDefinition[], Compiled>()
  const compiledOf = (definitions: readonly ResourceTypeDefinition[]): Compiled => {
    const found = known.get(definitions)
    if (found !== undefined) return found
    const types = compileTypes(definitions, source.changePassword)
    const documents = typeDocuments(types.values(), source.digest)
    const compiled = { types, documents, byLimits: new WeakMap<Limits, Catalogue>() }
    known.set(definitions, compiled)
    return compiled
  }
  return (definitions, limits) => {
    const { types, documents, byLimits } = compiledOf(definitions)
    const found = byLimits.get(limits)
    if (found !== undefined) return found
    const catalogue = { types, discovery: discoveryDocuments({ ...source, limits, types: documents }) }
    byLimits.set(limits, catalogue)
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
