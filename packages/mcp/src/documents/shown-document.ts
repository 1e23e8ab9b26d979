/**
 * A document as a result shows it: the attributes of its type that the caller may read, with their values bounded.
 * What a result does not show as it is stored is named, so that no tool takes the shown value for the stored one.
 */
import { isArray, isObject, type JsonObject, type JsonValue, own } from '@scimkit/core/json'
import type { Attribute, ResourceType } from '@scimkit/core/schema'
import { isIn } from '../json-schema/attribute-schema.js'
import type { ResultBounds } from './bounds.js'
import { shownText } from './shown-text.js'

/** A document, and the attributes whose values are not shown as they are stored. */
export interface ShownDocument {
  readonly resource: JsonObject
  /** By path, each once: texts that were shortened or cleaned, lists that were shortened, values of another type. */
  readonly altered: readonly string[]
}

/** The document within the bounds. */
export function shownDocument(type: ResourceType, document: JsonObject, bounds: ResultBounds): ShownDocument {
  const altered = new Set<string>()
  const show = (attributes: ReadonlyMap<string, Attribute>, value: JsonObject): JsonObject => {
    const shown: Record<string, JsonValue> = {}
    for (const attribute of attributes.values()) {
      const member = isIn(attribute, 'returned') ? own(value, attribute.name) : undefined
      if (member === undefined || member === null) continue
      const one = shownValue(attribute, member)
      if (one !== undefined) shown[attribute.name] = one
    }
    return shown
  }

  const shownValue = (attribute: Attribute, value: JsonValue): JsonValue | undefined => {
    if (!attribute.multiValued) return shownSingle(attribute, value)
    const elements = isArray(value) ? value : [value]
    if (elements.length > bounds.listLength) altered.add(attribute.path)
    return elements.slice(0, bounds.listLength).flatMap((element) => {
      const one = shownSingle(attribute, element)
      return one === undefined ? [] : [one]
    })
  }

  const shownSingle = (attribute: Attribute, value: JsonValue): JsonValue | undefined => {
    switch (attribute.type) {
      case 'boolean':
        if (typeof value === 'boolean') return value
        break
      case 'integer':
        if (typeof value === 'number' && Number.isInteger(value)) return value
        break
      case 'decimal':
        if (typeof value === 'number') return value
        break
      case 'complex':
        if (isObject(value)) return nonEmpty(show(attribute.subAttributes, value))
        break
      case 'string':
      case 'dateTime':
      case 'reference':
      case 'binary':
        if (typeof value === 'string') {
          const text = shownText(value, bounds.textLength)
          if (text !== value) altered.add(attribute.path)
          return text
        }
    }
    altered.add(attribute.path)
    return undefined
  }

  const resource: Record<string, JsonValue> = { ...show(type.attributes, document) }
  for (const { schema } of type.extensions) {
    const value = own(document, schema.id)
    const shown = isObject(value) ? show(schema.attributes, value) : {}
    if (Object.keys(shown).length > 0) resource[schema.id] = shown
  }
  return { resource, altered: [...altered] }
}

// A complex value of which the caller sees no part.
function nonEmpty(value: JsonObject): JsonObject | undefined {
  return Object.keys(value).length === 0 ? undefined : value
}
