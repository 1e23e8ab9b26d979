/**
 * The only exit for resources: adds `meta`, rows and derived attributes, then shows the attributes that the projection
 * allows. Where nothing has to be removed, the stored text is spliced, not parsed.
 * @see RFC 7643 §3.1 (`meta`), §4.1.2 (`groups`); RFC 7644 §3.9
 */
import type { Call } from '../engine/call.js'
import { emptyObject, type JsonObject, type MutableJsonObject, shallowCopy } from '../json/value.js'
import type { ReturnPreference } from '../operation-types/operation.js'
import type { Representation } from '../operation-types/representation.js'
import { elementsInStep, type Steps } from '../pacing/portions.js'
import { documentOf } from '../provider/member-rows.js'
import { documentOnly, type GroupMembership, type Needs, type Stored } from '../provider/provider.js'
import { withKey } from '../resource/document.js'
import { managerOf } from '../resource/manager.js'
import type { Member } from '../resource/member.js'
import { type Projection, type ProjectionRequest, project, projectionFrom } from '../resource/projection.js'
import type { ResourceRef } from '../resource/ref.js'
import type { Attribute, ResourceType } from '../schema/attribute.js'
import { type HttpVersion, tagOfVersion } from '../versioning/version.js'
import { ownReferences, withOwnReferences } from './own-references.js'

/** How resources of one type are shown in one request. */
export interface Presentation {
  readonly type: ResourceType
  readonly projection: Projection
  /** The data that must be read for it; after a write also for the attributes that the body has given. */
  readonly needs: Needs
  /** The client's preference for the response to its write, if it applies. */
  readonly prefer: ReturnPreference | undefined
}

/**
 * The presentation that a client requests; after a write, with the attributes `given` by it that are returned on
 * request; the set may be filled until the presentation is used. Throws 400 invalidValue for an invalid projection.
 */
export function presentationFor(
  call: Call,
  type: ResourceType,
  request: ProjectionRequest = {},
  prefer?: ReturnPreference,
  given?: ReadonlySet<Attribute>,
): Presentation {
  const projection = projectionFrom(type, request, call.context.interop, call.engine.limits, given)
  // RFC 7644 §3.5.2: a client that names attributes gets them. A preference is weaker than that.
  if (prefer === 'minimal' && projection.isDefault) return { type, projection, needs: documentOnly, prefer }
  return {
    type,
    projection,
    prefer: prefer === 'representation' ? prefer : undefined,
    get needs() {
      return needsOf(type, projection)
    },
  }
}

function needsOf(type: ResourceType, projection: Projection): Needs {
  const members = type.members !== undefined && projection.shows(type.members) ? 'all' : 'none'
  return { members, derived: derivedNeed(type, projection) }
}

function derivedNeed(type: ResourceType, projection: Projection): Needs['derived'] {
  const groups = type.attributes.get('groups')
  if (groups !== undefined && projection.shows(groups)) return true
  const manager = type.bareAttributes.get('manager')
  return manager !== undefined && projection.shows(manager) ? 'manager' : false
}

/**
 * A resource as a client sees it; serialised or parsed on request. `stored` has the data that the presentation needs.
 * `tag` becomes `meta.version`; it is empty while the tag is computed (see represent.ts). `ready` is the text where it
 * exists already.
 */
export function present(
  call: Call,
  presentation: Presentation,
  stored: Stored,
  tag: HttpVersion | '',
  ready?: string,
): Representation {
  let resource: JsonObject | undefined
  let text = ready
  return {
    ref: stored.ref,
    version: stored.version,
    tag: tag as HttpVersion,
    location: locationOf(call, stored.ref),
    applied: presentation.prefer,
    get resource() {
      resource ??= shownResource(call, presentation, stored, tag)
      return resource
    },
    get text() {
      text ??= splicedText(call, presentation, stored, tag) ?? JSON.stringify(this.resource)
      return text
    },
  }
}

/** The text of {@link present} alone: what a list needs of each of its resources. */
export function presentedText(call: Call, presentation: Presentation, stored: Stored, tag: HttpVersion): string {
  return splicedText(call, presentation, stored, tag) ?? JSON.stringify(shownResource(call, presentation, stored, tag))
}

/**
 * The text of {@link present}, in steps. The members of a large group come last in it, slice by slice; the order of
 * keys has no meaning.
 */
export function* textInSteps(
  call: Call,
  presentation: Presentation,
  stored: Stored,
  tag: HttpVersion | '',
): Steps<string> {
  const { type, projection } = presentation
  const { members = [], ...beside } = stored
  if (type.members === undefined || !hasManyMembers(stored)) {
    return presentedText(call, presentation, stored, tag as HttpVersion)
  }
  const text = presentedText(call, presentation, beside, tag as HttpVersion)
  const portions: string[] = []
  for (let at = 0; at < members.length; at += elementsInStep) {
    const values = members.slice(at, at + elementsInStep).map((member) => memberValue(call, member))
    const shown = project(type, withKey(emptyObject(), type.members.name, values), projection)[type.members.name]
    if (shown !== undefined) portions.push(JSON.stringify(shown).slice(1, -1))
    yield
  }
  if (portions.length === 0) return text
  const separator = text === '{}' ? '' : ','
  return `${text.slice(0, -1)}${separator}${JSON.stringify(type.members.name)}:[${portions.join()}]}`
}

/** True for a resource whose text is built in steps. */
export function hasManyMembers({ members = [] }: Stored): boolean {
  return members.length > elementsInStep
}

/** A resource whose response has no body. `applied` if that is what the client prefers. */
export function presentWithoutBody(
  call: Call,
  stored: Pick<Stored, 'ref' | 'version'>,
  applied?: ReturnPreference,
): Representation {
  const { ref, version } = stored
  const tag = tagOfVersion(version, call.engine.etag)
  return {
    ref,
    version,
    tag,
    location: locationOf(call, ref),
    applied,
    resource: undefined,
    text: undefined,
  }
}

/** The absolute URL of a resource. */
export function locationOf(call: Call, ref: ResourceRef): string {
  const endpoint = call.engine.types.get(ref.type)?.endpoint ?? `/${ref.type}`
  return `${call.context.baseUrl}${endpoint}/${encodeURIComponent(ref.id)}`
}

function shownResource(call: Call, { type, projection }: Presentation, stored: Stored, tag: string): JsonObject {
  const locate = (ref: ResourceRef): string => locationOf(call, ref)
  const referring = withOwnReferences(call.engine, type, documentOf(stored), locate)
  const document = shallowCopy(withManager(call, type, referring, stored))
  addRows(call, type, document, stored)
  document.meta = metaOf(call, stored, tag)
  return project(type, document, projection)
}

// ── splicing ─────────────────────────────────────────────────────────────────────────────────────────────────────

function splicedText(call: Call, { type, projection }: Presentation, stored: Stored, tag: string): string | undefined {
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

// ── derived parts ───────────────────────────────────────────────────────────────────────────────────────────────

function metaOf(call: Call, stored: Stored, tag: string): JsonObject {
  const meta = emptyObject()
  meta.resourceType = stored.ref.type
  meta.created = stored.created
  meta.lastModified = stored.lastModified
  meta.location = locationOf(call, stored.ref)
  meta.version = tag
  return meta
}

function addRows(call: Call, type: ResourceType, document: MutableJsonObject, stored: Stored): void {
  const { members = [], derived } = stored
  if (type.members !== undefined && members.length > 0) {
    document[type.members.name] = members.map((member) => memberValue(call, member))
  }
  if (derived?.groups !== undefined && derived.groups.length > 0) {
    document.groups = derived.groups.map((group) => groupValue(call, group))
  }
}

function memberValue(call: Call, member: Member): JsonObject {
  const value = emptyObject()
  value.value = member.value
  if (member.type !== undefined) {
    value.type = member.type
    if (call.engine.types.has(member.type)) value.$ref = locationOf(call, { type: member.type, id: member.value })
  }
  if (member.display !== undefined) value.display = member.display
  return value
}

function groupValue(call: Call, group: GroupMembership): JsonObject {
  const value = emptyObject()
  value.value = group.value
  value.$ref = locationOf(call, { type: 'Group', id: group.value })
  if (group.display !== undefined) value.display = group.display
  value.type = group.type
  return value
}

function withManager(call: Call, type: ResourceType, document: JsonObject, stored: Stored): JsonObject {
  const found = managerOf(type, document)
  if (found === undefined) return document
  const { urn, extension, manager, id } = found
  const shown = shallowCopy(manager)
  shown.$ref = locationOf(call, { type: 'User', id })
  const displayName = stored.derived?.managerDisplayName
  if (displayName !== undefined) shown.displayName = displayName
  return withKey(document, urn, withKey(extension, 'manager', shown))
}
