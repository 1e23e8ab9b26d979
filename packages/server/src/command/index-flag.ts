import { groupType, userType } from '@scimkit/core'
import { fullPath } from '@scimkit/core/filter'
import { compileResourceType, type ResourceType, resolvePath } from '@scimkit/core/schema'
import type { IndexedAttributes } from '../store/store-choice.js'

const types: readonly ResourceType[] = [userType, groupType].map(compileResourceType)

/**
 * Parses values such as `User:name.familyName` to attributes by type, in canonical spelling. Throws a TypeError for an
 * attribute that does not exist, is complex, or is not in the documents: an index that no query can use would look like
 * one that works.
 */
export function parseIndexes(texts: readonly string[]): IndexedAttributes {
  const byType: Record<string, string[]> = {}
  for (const text of texts) {
    const { type, path } = parseIndex(text)
    const paths = byType[type] ?? []
    byType[type] = paths.includes(path) ? paths : [...paths, path]
  }
  return byType
}

function parseIndex(text: string): { readonly type: string; readonly path: string } {
  const colon = text.indexOf(':')
  const name = text.slice(0, colon).toLowerCase()
  const type = types.find((each) => each.name.toLowerCase() === name)
  if (colon === -1 || type === undefined) {
    throw new TypeError(
      `Expected TYPE:PATH, such as User:name.familyName; types are ${types.map((t) => t.name).join(', ')}.`,
    )
  }
  const found = resolvePath(type, text.slice(colon + 1), { bareExtensionNames: true, dottedUrns: true })
  const leaf = found?.sub ?? found?.attribute
  if (found?.attribute === undefined || leaf === undefined) {
    throw new TypeError(`${type.name} has no attribute "${text.slice(colon + 1)}".`)
  }
  const path = fullPath(found)
  if (leaf.type === 'complex') {
    const parts = [...leaf.subAttributes.values()].map((part) => `${type.name}:${part.path}`)
    throw new TypeError(`${path} is a complex attribute; name one of its sub-attributes: ${parts.join(', ')}.`)
  }
  const computed = found.attribute.mutability === 'readOnly' || leaf.mutability === 'readOnly'
  if (computed || leaf.returned === 'never' || found.attribute === type.members) {
    throw new TypeError(`${path} is not stored in the documents, so it cannot be indexed.`)
  }
  return { type: type.name, path }
}
