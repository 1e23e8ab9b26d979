/**
 * The attributes that a response shows: by the schema's `returned`, then by the client's `attributes` or
 * `excludedAttributes`.
 * @see RFC 7644 §3.9; RFC 7643 §2.2 (`returned`)
 */
import { scimError } from '../errors.js'
import type { InteropSwitches } from '../interop.js'
import { emptyObject, isArray, isObject, type JsonObject, type JsonValue } from '../json/value.js'
import type { Limits } from '../limits.js'
import type { Attribute, ResourceType } from '../schema/attribute.js'
import { endOfBracket } from '../schema/brackets.js'
import { resolvePath } from '../schema/path.js'

/** The names that a client requests; at most one of the two is given. */
export interface ProjectionRequest {
  readonly attributes?: readonly string[]
  readonly excludedAttributes?: readonly string[]
}

/** Decides for each name whether it is shown. Created once per request. */
export interface Projection {
  /** True without a request of the client: `returned: default` applies. */
  readonly isDefault: boolean
  /** Whether this top-level or extension attribute is shown, at least in part. */
  shows(attribute: Attribute): boolean
  /** Whether this sub-attribute of a shown attribute is shown. */
  showsPart(attribute: Attribute, sub: Attribute): boolean
}

/**
 * Reads a projection request. Unknown names are no error: they match no attribute. `given` are attributes `returned:
 * request` that the client has just written: the response shows them unless the request excludes them.
 */
export function projectionFrom(
  type: ResourceType,
  request: ProjectionRequest,
  interop: InteropSwitches,
  limits: Pick<Limits, 'projectedAttributes'>,
  given: ReadonlySet<Attribute> = nothing,
): Projection {
  const { attributes, excludedAttributes } = request
  if (attributes !== undefined && excludedAttributes !== undefined) {
    throw scimError.invalidValue('attributes and excludedAttributes cannot be combined.')
  }
  if ((attributes ?? excludedAttributes ?? []).length > limits.projectedAttributes) {
    throw scimError.invalidValue(`At most ${limits.projectedAttributes} attributes can be named.`)
  }
  if (attributes !== undefined) {
    const names = attributes.map((name) => withoutFilter(name, interop))
    return onlyThese(named(type, names, interop))
  }
  if (excludedAttributes !== undefined) return withoutThese(named(type, excludedAttributes, interop), given)
  return byDefault(given)
}

const nothing: ReadonlySet<Attribute> = new Set()

function byDefault(given: ReadonlySet<Attribute>): Projection {
  const isShown = (attribute: Attribute): boolean =>
    attribute.returned === 'default' || attribute.returned === 'always' || given.has(attribute)
  return { isDefault: true, shows: isShown, showsPart: (_attribute, sub) => isShown(sub) }
}

interface Named {
  /** Attributes named as a whole. */
  readonly whole: ReadonlySet<Attribute>
  /** Sub-attributes named. */
  readonly parts: ReadonlySet<Attribute>
  /** URNs of extensions named as a whole. */
  readonly schemas: ReadonlySet<string>
}

function named(type: ResourceType, names: readonly string[], interop: InteropSwitches): Named {
  const whole = new Set<Attribute>()
  const parts = new Set<Attribute>()
  const schemas = new Set<string>()
  for (const name of names) {
    if (name.toLowerCase() === type.schema.id.toLowerCase()) schemas.add(type.schema.id)
    const path = resolvePath(type, name, interop)
    // To leave out an attribute that the client clearly named would answer another question.
    const dotted = path ?? resolvePath(type, name, { ...interop, dottedUrns: true })
    if (path === undefined && dotted !== undefined)
      throw scimError.invalidPath(`${dotted.text}: a colon separates the URN of a schema from the attribute.`)
    if (path?.sub !== undefined) parts.add(path.sub)
    else if (path?.attribute !== undefined) whole.add(path.attribute)
    else if (path?.extension !== undefined) schemas.add(path.extension.id)
  }
  return { whole, parts, schemas }
}

// Microsoft's collection requests `emails[type eq "work"]`. RFC 7644 §3.9 has attribute names alone, so the attribute
// is shown as a whole.
function withoutFilter(name: string, interop: InteropSwitches): string {
  const open = interop.filtersInAttributes ? name.indexOf('[') : -1
  const close = open === -1 ? undefined : endOfBracket(name, open)
  return close === undefined ? name : name.slice(0, open) + name.slice(close + 1)
}

function onlyThese({ whole, parts, schemas }: Named): Projection {
  const isNamed = (attribute: Attribute): boolean => whole.has(attribute) || schemas.has(attribute.schema)
  return {
    isDefault: false,
    shows(attribute) {
      if (attribute.returned === 'never') return false
      if (attribute.returned === 'always' || isNamed(attribute)) return true
      for (const sub of attribute.subAttributes.values()) {
        if (sub.returned !== 'never' && (parts.has(sub) || sub.returned === 'always')) return true
      }
      return false
    },
    showsPart(attribute, sub) {
      if (sub.returned === 'never') return false
      if (sub.returned === 'always' || parts.has(sub)) return true
      return sub.returned === 'default' && (isNamed(attribute) || attribute.returned === 'always')
    },
  }
}

function withoutThese({ whole, parts, schemas }: Named, given: ReadonlySet<Attribute>): Projection {
  const { shows, showsPart } = byDefault(given)
  return {
    isDefault: false,
    shows(attribute) {
      if (attribute.returned === 'always') return true
      return shows(attribute) && !whole.has(attribute) && !schemas.has(attribute.schema)
    },
    showsPart(attribute, sub) {
      return sub.returned === 'always' || (showsPart(attribute, sub) && !parts.has(sub))
    },
  }
}

/** The shown part of a document. The document already contains `meta`, rows and derived attributes. */
export function project(type: ResourceType, document: JsonObject, projection: Projection): JsonObject {
  const shown = emptyObject()
  for (const name of Object.keys(document)) {
    const value = document[name] as JsonValue
    const extension = type.extensionsByUrn.get(name.toLowerCase())
    const visible =
      extension !== undefined && isObject(value)
        ? showObject(value, (key) => extension.attributes.get(key), projection)
        : showValue(type.attributes.get(name.toLowerCase()), value, projection)
    if (visible !== undefined) shown[name] = visible
  }
  return shown
}

function showObject(
  value: JsonObject,
  attributeOf: (key: string) => Attribute | undefined,
  projection: Projection,
): JsonObject | undefined {
  const shown = emptyObject()
  for (const name of Object.keys(value)) {
    const visible = showValue(attributeOf(name.toLowerCase()), value[name] as JsonValue, projection)
    if (visible !== undefined) shown[name] = visible
  }
  return Object.keys(shown).length === 0 ? undefined : shown
}

function showValue(attribute: Attribute | undefined, value: JsonValue, projection: Projection): JsonValue | undefined {
  if (attribute === undefined || !projection.shows(attribute)) return undefined
  if (isArray(value)) {
    const elements = value
      .map((element) => showParts(attribute, element, projection))
      .filter((part) => part !== undefined)
    return elements.length === 0 ? undefined : elements
  }
  return showParts(attribute, value, projection)
}

function showParts(attribute: Attribute, value: JsonValue, projection: Projection): JsonValue | undefined {
  if (!isObject(value)) return value
  const shown = emptyObject()
  for (const name of Object.keys(value)) {
    const sub = attribute.subAttributes.get(name.toLowerCase())
    if (sub !== undefined && projection.showsPart(attribute, sub)) shown[name] = value[name] as JsonValue
  }
  return Object.keys(shown).length === 0 ? undefined : shown
}
