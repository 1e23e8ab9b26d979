/** The text of a resource by splicing: where no attribute has to be removed, the stored text is used and not parsed. */
import type { Call } from '../engine/call.js'
import { emptyObject } from '../json/value.js'
import type { Stored } from '../provider/provider.js'
import type { Attribute, ResourceType } from '../schema/attribute.js'
import { addRows, metaOf } from './derived-parts.js'
import { ownReferences } from './own-references.js'
import type { Presentation } from './presentation.js'

/**
 * The text of a resource, made of its stored text; undefined where attributes must be removed from that text or added in
 * it. `tag` becomes `meta.version`.
 */
export function splicedText(
  call: Call,
  { type, projection }: Presentation,
  stored: Stored,
  tag: string,
): string | undefined {
  if (!projection.isDefault || !('json' in stored) || !showsAllByDefault(type)) return undefined
  const { json } = stored
  if (!json.endsWith('}') || !hasKnownSchemas(type, json)) return undefined
  // A manager gets a $ref and a name inside the document; that takes a parsed one.
  if (type.bareAttributes.has('manager') && json.includes('"manager":')) return undefined
  const rows = emptyObject()
  addRows(call, type, rows, stored)
  rows.meta = metaOf(call, stored, tag)
  return `${json.slice(0, -1)},${JSON.stringify(rows).slice(1)}`
}

// Stored documents have no password and no computed values, so a type whose attributes are all returned by default
// needs no inspection of the document.
const shownWhole = new WeakMap<ResourceType, boolean>()

function showsAllByDefault(type: ResourceType): boolean {
  const known = shownWhole.get(type)
  if (known !== undefined) return known
  // Old documents may still have attributes that were removed from the schema; a $ref is never in them.
  if (type.isTrimmed || ownReferences(type).length > 0) return false
  const all = [type, ...type.extensions.map(({ schema }) => schema)].flatMap(({ attributes }) => [
    ...attributes.values(),
  ])
  const password = type.attributes.get('password')
  const shown = all.every(
    (attribute) =>
      attribute === password || (isShown(attribute) && [...attribute.subAttributes.values()].every(isShown)),
  )
  shownWhole.set(type, shown)
  return shown
}

// A document may have an extension that another version of this server stored; it is kept, and not shown. `schemas`
// comes first in every document, in few combinations.
const knownSchemas = new WeakMap<ResourceType, Set<string>>()

function hasKnownSchemas(type: ResourceType, json: string): boolean {
  const start = '{"schemas":'
  if (!json.startsWith(start)) return false
  const schemas = json.slice(start.length, json.indexOf(']') + 1)
  const known = knownSchemas.get(type) ?? new Set<string>()
  if (known.has(schemas)) return true
  const urns = JSON.parse(schemas) as readonly string[]
  const isKnown = urns.every((urn) => urn === type.schema.id || type.extensionsByUrn.has(urn.toLowerCase()))
  if (isKnown) knownSchemas.set(type, known.add(schemas))
  return isKnown
}

function isShown(attribute: Attribute): boolean {
  return attribute.returned === 'default' || attribute.returned === 'always'
}
