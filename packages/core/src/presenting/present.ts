/**
 * The only exit for resources: adds `meta`, rows and derived attributes, then shows the attributes that the projection
 * allows.
 * @see RFC 7643 §3.1 (`meta`), §4.1.2 (`groups`); RFC 7644 §3.9
 */
import type { Call } from '../engine/call.js'
import { emptyObject, type JsonObject, shallowCopy } from '../json/value.js'
import type { ReturnPreference } from '../operation-types/operation.js'
import type { Representation } from '../operation-types/representation.js'
import { elementsInStep, type Steps } from '../pacing/portions.js'
import { documentOf } from '../provider/member-rows.js'
import type { Stored } from '../provider/provider.js'
import { withKey } from '../resource/document.js'
import { project } from '../resource/projection.js'
import type { ResourceRef } from '../resource/ref.js'
import { type HttpVersion, tagOfVersion } from '../versioning/version.js'
import { addRows, locationOf, memberValue, metaOf, withManager } from './derived-parts.js'
import { withOwnReferences } from './own-references.js'
import type { Presentation } from './presentation.js'
import { readableVersion, withReadableSchemas } from './readable.js'
import { splicedText } from './spliced-text.js'

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
  const { ref } = stored
  const version = readableVersion(call, ref.type, stored.version)
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

function shownResource(call: Call, { type, projection }: Presentation, stored: Stored, tag: string): JsonObject {
  const locate = (ref: ResourceRef): string => locationOf(call, ref)
  const referring = withOwnReferences(call.engine, type, documentOf(stored), locate)
  const document = shallowCopy(withManager(call, type, referring, stored))
  addRows(call, type, document, stored)
  document.meta = metaOf(call, stored, tag)
  return project(type, withReadableSchemas(type, document), projection)
}
