/**
 * Two states of a resource as the PATCH that leads from one to the other.
 * @see RFC 7644 §3.5.2
 */
import { emptyObject, isArray, isObject, type JsonObject, type JsonValue } from '../json/value.js'
import { isSpelledSame, spelledText } from '../resource/equality.js'
import type { Attribute, ResourceType } from '../schema/attribute.js'
import { refersToResource } from '../schema/computed.js'
import { builtInTypeOf } from '../schema/standard/built-in-type.js'
import { type DiffOperation, setAt, settable } from './diff-operation.js'
import { diffElements } from './elements/diff-elements.js'
import { allFields, fieldsOf, isServers } from './fields.js'
import { elementsOf } from './merging.js'
import { fits } from './tidy.js'

/** The options of a comparison. */
export interface DiffOptions {
  /** The resource type of the documents. Default: the core's User or Group, by the `schemas` of the base. */
  readonly type?: ResourceType
}

/**
 * The operations that change `base` to `next`, in order; empty if nothing differs. One for each attribute, part of a
 * complex attribute, or element of a list that changed: `emails[value eq "…"].type`, `members[value eq "…"]`. A list is
 * replaced as a whole where no filter distinguishes its elements, or where that is shorter. Values that only a server
 * sets are left out, and so are immutable values that `next` does not have. A reference without an id that `base` does
 * not have (`members: [{ display }]`) is added as it is, for the server to refuse.
 *
 * Each change of spelling is a change, even where case does not count. Attributes that the resource type does not know
 * are compared as JSON and replaced as a whole. Each removed member is one operation: a server may limit the number of
 * operations (this one's default is 1,000).
 *
 * Throws a TypeError for a document that is not an object of JSON values or has a duplicate attribute, and if `schemas`
 * does not determine a type.
 * @example
 * ```ts
 * import { diff } from '@scimkit/core/merge'
 *
 * const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User']
 * const operations = diff({ schemas, userName: 'ada' }, { schemas, userName: 'ada', title: 'Countess' })
 * // [{ op: 'add', path: 'title', value: 'Countess' }], or replace
 * ```
 * @see RFC 7644 §3.5.2.1 (add), §3.5.2.2 (remove), §3.5.2.3 (replace)
 */
export function diff(base: object, next: object, options: DiffOptions = {}): readonly DiffOperation[] {
  const type = options.type ?? builtInTypeOf([base, next])
  const before = fieldsOf(type, base, 'base')
  const after = fieldsOf(type, next, 'next', before)
  const operations: DiffOperation[] = []
  for (const [key, field] of allFields(before, after)) {
    if (isServers(field)) continue
    operations.push(...diffValue(field.path, field.attribute, before.get(key)?.value, after.get(key)?.value))
    const dangling = [...(after.get(key)?.dangling.values() ?? [])]
    if (dangling.length > 0) operations.push({ op: 'add', path: field.path, value: dangling })
  }
  return operations
}

function diffValue(
  path: string,
  attribute: Attribute | undefined,
  given: JsonValue | undefined,
  wanted: JsonValue | undefined,
): readonly DiffOperation[] {
  const [before, after] = [settable(attribute, given), settable(attribute, wanted)]
  const isWhole = before === undefined || after === undefined || !fits(attribute, before) || !fits(attribute, after)
  // Elements are compared one by one there; to compare the lists first would process a large group twice.
  if (attribute?.multiValued && !isWhole) return diffElements(path, attribute, elementsOf(before), elementsOf(after))
  if (isSpelledSame(attribute, before, after)) return []
  // RFC 7644 §3.5.1: an immutable value stays when a document leaves it out.
  if (attribute?.mutability === 'immutable' && after === undefined) return []
  const hasParts = attribute !== undefined && !isWhole && isObject(before) && isObject(after)
  return hasParts ? diffParts(path, attribute, before, after) : [setAt(path, before, after)]
}

function diffParts(
  path: string,
  attribute: Attribute,
  before: JsonObject,
  after: JsonObject,
): readonly DiffOperation[] {
  const operations: DiffOperation[] = []
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const sub = attribute.subAttributes.get(name.toLowerCase())
    if (sub?.name === 'value' && refersToResource(attribute)) {
      operations.push(...diffId(path, sub, before.value, after.value))
    } else if (sub?.multiValued) {
      operations.push(...diffSet(`${path}.${name}`, sub, before[name], after[name]))
    } else {
      operations.push(...diffValue(`${path}.${name}`, sub, before[name], after[name]))
    }
  }
  return operations
}

// Servers support `manager` with an object; `manager.value` fewer of them.
function diffId(
  path: string,
  sub: Attribute,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): readonly DiffOperation[] {
  if (after === undefined || isSpelledSame(sub, before, after)) return diffValue(`${path}.value`, sub, before, after)
  const reference = emptyObject()
  reference.value = after
  return [setAt(path, before, reference)]
}

// A list inside a complex value has no filter of its own: new values can be added, any other change replaces it.
function diffSet(
  path: string,
  sub: Attribute,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): readonly DiffOperation[] {
  if (isSpelledSame(sub, before, after)) return []
  if (!isArray(before) || !isArray(after)) return [setAt(path, before, after)]
  const known = new Set(before.map((element) => spelledText(sub, element)))
  const added = after.filter((element) => !known.has(spelledText(sub, element)))
  const isAddition = added.length === after.length - before.length
  return isAddition ? [{ op: 'add', path, value: added }] : [setAt(path, before, after)]
}
