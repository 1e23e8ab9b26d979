/**
 * The document of a PUT by a caller without all rights: attributes that the caller may not read or not change, and that
 * the body does not name, keep their stored values, as readOnly ones do. Such a caller cannot send them back.
 * @see RFC 7644 §3.5.1; docs/adr/0065-rights-on-attributes.md
 */
import type { InteropSwitches } from '../../interop.js'
import {
  canonicalJson,
  emptyObject,
  isArray,
  isObject,
  type JsonObject,
  type JsonValue,
  own,
} from '../../json/value.js'
import { done } from '../../pacing/portions.js'
import { attributesNamed } from '../../resource/attributes-named.js'
import { isEmptyValue, withKey } from '../../resource/document.js'
import type { MembersNeed } from '../../resource/member.js'
import type { Attribute, ResourceType } from '../../schema/attribute.js'
import { isOfServer } from '../../schema/restrict-type.js'
import type { Change } from '../commit-result.js'
import { checkNamed } from './check-named.js'

/**
 * The change of a PUT. `body` is the request, `document` what was read from it. Throws 403 for an attribute that the
 * caller may neither read nor change.
 */
export function replacement(
  type: ResourceType,
  body: JsonValue,
  document: JsonObject,
  interop: InteropSwitches,
): Pick<Change, 'members' | 'apply'> {
  const members: MembersNeed = type.members === undefined ? 'none' : 'all'
  if (type.unreadable === undefined && type.unwritable === undefined) return { members, apply: () => done(document) }
  const named = attributesNamed(type, body, { interop, isChange: false })
  checkNamed(named)
  const keepsMembers = type.members !== undefined && !named.has(type.members)
  return {
    // Members that the caller may not read are not read for it either.
    members: keepsMembers && type.members?.unreadable === 'whole' ? 'none' : members,
    apply: (before) => done(withKept(type, before, document, named)),
  }
}

function withKept(
  type: ResourceType,
  before: JsonObject,
  document: JsonObject,
  named: ReadonlySet<Attribute>,
): JsonObject {
  let kept = keptIn(type.attributes.values(), before, document, named, type.members)
  for (const { schema } of type.extensions) {
    const [was, is] = [own(before, schema.id), own(document, schema.id)]
    const values = isObject(is) ? is : emptyObject()
    const changed = keptIn(schema.attributes.values(), isObject(was) ? was : emptyObject(), values, named, undefined)
    if (changed !== values) kept = withKey(kept, schema.id, isEmptyValue(changed) ? undefined : changed)
  }
  return kept
}

function keptIn(
  attributes: Iterable<Attribute>,
  before: JsonObject,
  document: JsonObject,
  named: ReadonlySet<Attribute>,
  members: Attribute | undefined,
): JsonObject {
  let kept = document
  for (const attribute of attributes) {
    const { name, unreadable, unwritable } = attribute
    if ((unreadable ?? unwritable) === undefined || isOfServer(attribute)) continue
    const [was, is] = [own(before, name), own(kept, name)]
    if (unreadable === 'whole' || unwritable === 'whole') {
      const isNamed = named.has(attribute) || [...attribute.subAttributes.values()].some((part) => named.has(part))
      if (!isNamed) kept = withKey(kept, name, was)
      else if (unreadable === 'part' && attribute !== members)
        kept = withKey(kept, name, withParts(attribute, was, is, named))
    } else if (attribute !== members) {
      kept = withKey(kept, name, withParts(attribute, was, is, named))
    }
  }
  return kept
}

// The value with the parts that the caller lacks a right on.
function withParts(
  attribute: Attribute,
  was: JsonValue | undefined,
  is: JsonValue | undefined,
  named: ReadonlySet<Attribute>,
): JsonValue | undefined {
  const lacking = [...attribute.subAttributes.values()].filter(
    ({ unreadable, unwritable }) => (unreadable ?? unwritable) !== undefined,
  )
  if (attribute.multiValued) return withElements(lacking, was, is, named)
  let value = isObject(is) ? is : emptyObject()
  for (const part of lacking) {
    if (!named.has(part)) value = withKey(value, part.name, isObject(was) ? own(was, part.name) : undefined)
  }
  return isEmptyValue(value) ? undefined : value
}

// An element that equals a stored one, as far as the caller can read that, is the stored one, and an element without
// readable parts stays. A client that names parts which it cannot read states its elements completely.
function withElements(
  lacking: readonly Attribute[],
  was: JsonValue | undefined,
  is: JsonValue | undefined,
  named: ReadonlySet<Attribute>,
): JsonValue | undefined {
  if (!isArray(was) || lacking.some((part) => named.has(part))) return is
  const invisible: JsonValue[] = []
  const stored = new Map<string, JsonValue[]>()
  for (const element of was) {
    const readable = readablePart(element, lacking)
    const same = stored.get(canonicalJson(readable))
    if (isEmptyValue(readable)) invisible.push(element)
    else if (same === undefined) stored.set(canonicalJson(readable), [element])
    else same.push(element)
  }
  const given = isArray(is) ? is : []
  const elements = given.map((element) => stored.get(canonicalJson(readablePart(element, lacking)))?.shift() ?? element)
  return elements.length + invisible.length === 0 ? is : [...elements, ...invisible]
}

function readablePart(element: JsonValue, lacking: readonly Attribute[]): JsonValue {
  let readable = element
  for (const { name } of lacking) if (isObject(readable)) readable = withKey(readable, name, undefined)
  return readable
}
