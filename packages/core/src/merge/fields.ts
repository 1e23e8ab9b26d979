/** A document split into its attributes, those of extensions among them, and built again from them. */

import { isJson } from '../json/is-json.js'
import { emptyObject, isObject, type JsonValue, type MutableJsonObject } from '../json/value.js'
import { isServerMade } from '../resource/read-resource.js'
import type { Attribute, ResourceType } from '../schema/attribute.js'
import { type DanglingReferences, danglingReferencesIn, withoutDangling } from './dangling-references.js'
import { tidy } from './tidy.js'

/** One attribute of a document. */
export interface Field {
  /** `title`, `urn:…:User:department`. */
  readonly path: string
  /** The extension it is in, as its schema spells it. */
  readonly urn: string | undefined
  readonly name: string
  /** Undefined if the resource type does not know it. */
  readonly attribute: Attribute | undefined
  /** Tidied; undefined if it has only references without id. */
  readonly value: JsonValue | undefined
  /** References without id that were written and not read before; they are not in `value`. */
  readonly dangling: DanglingReferences
}

/** By lower-case path, in the order of the document. */
export type Fields = ReadonlyMap<string, Field>

/**
 * The assigned attributes of a document. Throws a TypeError, which calls the document by `name`, for a value that is
 * not an object, for a part that is not JSON and for a duplicate attribute. `read`: the document that the caller had
 * read before it wrote this one.
 */
export function fieldsOf(type: ResourceType, document: object, name: string, read?: Fields): Fields {
  if (!isRecord(document)) throw new TypeError(`${name} must be a resource, an object of attributes`)
  const fields = new Map<string, Field>()
  for (const [key, value] of Object.entries(document)) {
    if (value === undefined) continue
    if (!isJson(value)) throw new TypeError(`${name}: ${key} contains a value that is not JSON`)
    const extension = type.extensionsByUrn.get(key.toLowerCase())
    const isContainer = extension !== undefined || key.toLowerCase().startsWith('urn:')
    if (isContainer && isObject(value)) {
      const urn = extension?.id ?? key
      for (const inside of Object.keys(value)) {
        const attribute = extension?.attributes.get(inside.toLowerCase())
        addField(fields, name, { attribute, urn, key: inside, given: value[inside] }, read)
      }
    } else {
      const attribute = type.attributes.get(key.toLowerCase())
      addField(fields, name, { attribute, urn: undefined, key, given: value }, read)
    }
  }
  return fields
}

interface Given {
  readonly attribute: Attribute | undefined
  readonly urn: string | undefined
  readonly key: string
  readonly given: JsonValue | undefined
}

function addField(
  fields: Map<string, Field>,
  document: string,
  { attribute, urn, key, given }: Given,
  read: Fields | undefined,
): void {
  const name = attribute?.name ?? key
  const path = attribute?.path ?? (urn === undefined ? key : `${urn}:${key}`)
  const id = path.toLowerCase()
  if (fields.has(id)) throw new TypeError(`${document}: duplicate attribute ${path}`)
  const dangling = danglingReferencesIn(attribute, given, read?.get(id)?.dangling)
  const value = tidy(attribute, read === undefined ? given : withoutDangling(attribute, given, dangling))
  if (value !== undefined || dangling.size > 0) fields.set(id, { path, urn, name, attribute, value, dangling })
}

function isRecord(document: unknown): document is Readonly<Record<string, unknown>> {
  return typeof document === 'object' && document !== null && !Array.isArray(document)
}

/**
 * True for attributes that no client sets: `id`, `meta`, `schemas` and every readOnly attribute. @see RFC 7643 §2.2,
 * §3.1
 */
export function isServers({ urn, attribute, path }: Field): boolean {
  if (attribute === undefined) return false
  const place = { text: path, extension: undefined, attribute, sub: undefined }
  return attribute.mutability === 'readOnly' || (urn === undefined && isServerMade(place))
}

/** The keys of several documents, each once: those of the first in their order, then the other keys of the others. */
export function allFields(...documents: readonly Fields[]): ReadonlyMap<string, Field> {
  const all = new Map<string, Field>()
  for (const fields of documents) for (const [key, field] of fields) if (!all.has(key)) all.set(key, field)
  return all
}

/** Puts an attribute into a document that is being built. */
export function putField(document: MutableJsonObject, { urn, name }: Field, value: JsonValue): void {
  if (urn === undefined) {
    document[name] = value
    return
  }
  const found = document[urn]
  const container: MutableJsonObject = isObject(found) ? found : emptyObject()
  container[name] = value
  document[urn] = container
}
