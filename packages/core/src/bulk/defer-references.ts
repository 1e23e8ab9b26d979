/**
 * Resources that refer to each other cannot all be created with their references: each is created without those that
 * close the circle, and gets them when all exist. This file splits the data of a POST into the two parts.
 * @see RFC 7644 §3.7.1
 */
import type { InteropSwitches } from '../interop.js'
import {
  emptyObject,
  isArray,
  isObject,
  type JsonObject,
  type JsonValue,
  type MutableJsonObject,
} from '../json/value.js'
import { isOwnSchema, pathOfKey } from '../resource/read-key.js'
import { isServerMade } from '../resource/read-resource.js'
import type { Attribute, ResourceType, Schema } from '../schema/attribute.js'
import { referencesIn } from './references.js'

/** The data of a POST, in two parts. */
export interface Halves {
  /** The data of the create. */
  readonly now: JsonObject
  /** The data that is added later, under the same names; undefined if there is none. */
  readonly later: JsonObject | undefined
  /** The bulkIds whose resources must exist before: the reference is in an attribute that the schema requires. */
  readonly needed: ReadonlySet<string>
}

/**
 * Leaves the references to `circle` out of the data of a POST. Of a list the elements with one are left out; of
 * anything else the whole attribute. Throws 400 invalidValue for a spelling of a name that is switched off.
 */
export function deferReferences(
  type: ResourceType,
  data: JsonObject,
  circle: ReadonlySet<string>,
  interop: InteropSwitches,
): Halves {
  const needed = new Set<string>()
  const attributeOf = (key: string): Attribute | undefined => {
    const path = pathOfKey(type, key, interop)
    return path === undefined || isServerMade(path) ? undefined : path.attribute
  }
  const { now, later } = split(data, circle, { type, attributeOf, needed })
  return { now, later, needed }
}

interface Splitting {
  readonly type: ResourceType
  readonly attributeOf: (key: string) => Attribute | undefined
  readonly needed: Set<string>
}

function split(
  data: JsonObject,
  circle: ReadonlySet<string>,
  splitting: Splitting,
): { readonly now: JsonObject; readonly later: JsonObject | undefined } {
  const now = emptyObject()
  const later = emptyObject()
  for (const key of Object.keys(data)) {
    const value = data[key] as JsonValue
    const container = isObject(value) ? containerAt(key, splitting) : undefined
    if (container !== undefined && isObject(value)) {
      const inside = split(value, circle, container)
      now[key] = inside.now
      if (inside.later !== undefined) later[key] = inside.later
    } else {
      place(key, value, { now, later }, circle, splitting)
    }
  }
  return { now, later: Object.keys(later).length === 0 ? undefined : later }
}

// The type's own URN around its attributes, or an extension's around those of its own.
function containerAt(key: string, splitting: Splitting): Splitting | undefined {
  if (isOwnSchema(splitting.type, key)) return splitting
  const extension: Schema | undefined = splitting.type.extensionsByUrn.get(key.toLowerCase())
  return extension && { ...splitting, attributeOf: (name) => extension.attributes.get(name.toLowerCase()) }
}

function place(
  key: string,
  value: JsonValue,
  halves: { readonly now: MutableJsonObject; readonly later: MutableJsonObject },
  circle: ReadonlySet<string>,
  { attributeOf, needed }: Splitting,
): void {
  const leads = (part: JsonValue): boolean => leadsInto(circle, part)
  if (!leads(value)) {
    halves.now[key] = value
    return
  }
  const attribute = attributeOf(key)
  // An immutable list cannot grow once it is set, so it is set as a whole.
  const elements = isArray(value) && attribute?.mutability !== 'immutable' ? value : [value]
  const stays = elements.filter((element) => !leads(element))
  if (attribute?.required && stays.length === 0) {
    halves.now[key] = value
    for (const bulkId of referencesIn(value)) if (circle.has(bulkId)) needed.add(bulkId)
    return
  }
  if (stays.length > 0) halves.now[key] = stays
  halves.later[key] = isArray(value) && elements === value ? elements.filter(leads) : value
}

function leadsInto(circle: ReadonlySet<string>, value: JsonValue): boolean {
  for (const bulkId of referencesIn(value)) if (circle.has(bulkId)) return true
  return false
}
