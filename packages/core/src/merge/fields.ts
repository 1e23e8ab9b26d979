/** A document taken apart into its attributes, those of extensions among them, and put together again. */
import { emptyObject, isObject, type JsonValue, type MutableJsonObject } from '../json.js'
import { isServerMade } from '../resource/read-resource.js'
import type { Attribute, ResourceType } from '../schema/attribute.js'
import { isJson } from './is-json.js'
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
  /** Tidied; never undefined. */
  readonly value: JsonValue
}

/** By lower-case path, in the order of the document. */
export type Fields = ReadonlyMap<string, Field>

/**
 * The assigned attributes of a document. Throws a TypeError, which calls the document by `name`, for what is no object, for a
 * value that is no JSON and for an attribute that is there twice.
 */
export function fieldsOf(type: ResourceType, document: object, name: string): Fields {
  if (!isRecord(document)) throw new TypeError(`${name} must be a resource, an object of attributes`)
  const fields = new Map<string, Field>()
  for (const [key, value] of Object.entries(document)) {
    if (value === undefined) continue
    if (!isJson(value)) throw new TypeError(`${name}: ${key} has something in it that is no JSON value`)
    const extension = type.extensionsByUrn.get(key.toLowerCase())
    const isContainer = extension !== undefined || key.toLowerCase().startsWith('urn:')
    if (isContainer && isObject(value)) {
      const urn = extension?.id ?? key
      for (const inside of Object.keys(value)) {
        const attribute = extension?.attributes.get(inside.toLowerCase())
        addField(fields, name, attribute, urn, inside, value[inside])
      }
    } else {
      addField(fields, name, type.attributes.get(key.toLowerCase()), undefined, key, value)
    }
  }
  return fields
}

function addField(
  fields: Map<string, Field>,
  document: string,
  attribute: Attribute | undefined,
  urn: string | undefined,
  key: string,
  given: JsonValue | undefined,
): void {
  const name = attribute?.name ?? key
  const path = attribute?.path ?? (urn === undefined ? key : `${urn}:${key}`)
  if (fields.has(path.toLowerCase())) throw new TypeError(`${document}: ${path} is there twice`)
  const value = tidy(attribute, given)
  if (value !== undefined) fields.set(path.toLowerCase(), { path, urn, name, attribute, value })
}

function isRecord(document: unknown): document is Readonly<Record<string, unknown>> {
  return typeof document === 'object' && document !== null && !Array.isArray(document)
}

/** True for what no client sets: `id`, `meta`, `schemas` and every readOnly attribute. @see RFC 7643 §2.2, §3.1 */
export function isServers({ urn, attribute, path }: Field): boolean {
  if (attribute === undefined) return false
  const place = { text: path, extension: undefined, attribute, sub: undefined }
  return attribute.mutability === 'readOnly' || (urn === undefined && isServerMade(place))
}

/** The keys of several documents, each once: those of the first as they come, then what the others have beside. */
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
