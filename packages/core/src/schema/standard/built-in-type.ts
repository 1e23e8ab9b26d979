import type { ResourceType } from '../attribute.js'
import { compileResourceType } from '../compile.js'
import { groupType, userType } from './resource-types.js'

// Compiled on first use: most servers define types of their own and never use it.
let builtIn: readonly ResourceType[] | undefined

/**
 * The core's User or Group, whichever the `schemas` of the first document that has any names. Throws a TypeError if that
 * is neither or both. @see RFC 7643 §3
 */
export function builtInTypeOf(documents: readonly object[]): ResourceType {
  builtIn ??= [compileResourceType(userType), compileResourceType(groupType)]
  const urns = documents.map(schemasOf).find((schemas) => schemas.length > 0) ?? []
  const [type, another] = builtIn.filter(({ schema }) => urns.includes(schema.id.toLowerCase()))
  if (type !== undefined && another === undefined) return type
  throw new TypeError('`schemas` names neither the core User nor the core Group: pass the resource type')
}

function schemasOf(document: object): readonly string[] {
  const [, schemas] = Object.entries(document ?? {}).find(([name]) => name.toLowerCase() === 'schemas') ?? []
  return Array.isArray(schemas) ? schemas.map((urn) => String(urn).toLowerCase()) : []
}
