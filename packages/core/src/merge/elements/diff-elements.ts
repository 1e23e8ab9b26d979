/**
 * The changes of a list: removed elements, changed parts of elements, added elements, in this order. Each filter is
 * chosen against the list as the operations before it leave it.
 * @see RFC 7644 §3.5.2; RFC 7643 §2.4
 */
import { isObject, type JsonObject, type JsonValue } from '../../json/value.js'
import { withKey } from '../../resource/document.js'
import { isPrimaryFlag, isSpelledSame } from '../../resource/equality.js'
import type { Attribute } from '../../schema/attribute.js'
import { refersToResource } from '../../schema/computed.js'
import { type DiffOperation, setAt } from '../diff-operation.js'
import { identityKey, matchElements } from './match.js'
import { removalsOf } from './removals.js'
import { countElement, countSelectors, type Selector, selectorsOf } from './selector.js'

/** The operations that change one list to the other; both have elements, and only values that a client sets. */
export function diffElements(
  path: string,
  attribute: Attribute,
  before: readonly JsonValue[],
  after: readonly JsonValue[],
): readonly DiffOperation[] {
  const whole: DiffOperation = { op: 'replace', path, value: after }
  const changes = changesOf(attribute, before, after)
  if (changes.kept.length === 0) return [whole]
  const operations = oneByOne(path, attribute, before, changes)
  if (operations?.length === 0) return operations
  if (operations === undefined || hasTwins(attribute, after)) return [whole]
  // A large group is never listed to change a few of its members.
  const mayBeWhole = operations.length > 1 && !refersToResource(attribute)
  return mayBeWhole && lengthOf([whole]) < lengthOf(operations) ? [whole] : operations
}

interface Changes {
  readonly removed: readonly JsonValue[]
  readonly kept: readonly (readonly [before: JsonValue, after: JsonValue])[]
  readonly added: readonly JsonValue[]
}

function changesOf(attribute: Attribute, before: readonly JsonValue[], after: readonly JsonValue[]): Changes {
  const [removed, added] = [new Set(before), new Set(after)]
  const kept: (readonly [JsonValue, JsonValue])[] = []
  for (const { left, right } of matchElements(attribute, before, after)) {
    const [was, is] = [before[left] as JsonValue, after[right] as JsonValue]
    if (isAnother(attribute, was, is)) continue
    removed.delete(was)
    added.delete(is)
    kept.push([was, is])
  }
  return { removed: [...removed], kept, added: [...added] }
}

// An immutable part cannot be changed, but an element can be removed and another one added.
function isAnother(attribute: Attribute, was: JsonValue, is: JsonValue): boolean {
  if (!isObject(was) || !isObject(is)) return false
  for (const sub of attribute.subAttributes.values()) {
    if (sub.mutability !== 'immutable' || was[sub.name] === undefined || is[sub.name] === undefined) continue
    if (!isSpelledSame(sub, was[sub.name], is[sub.name])) return true
  }
  return false
}

// RFC 7643 §2.4: an existing value and type is not added again, so only the whole list can have it twice.
function hasTwins(attribute: Attribute, elements: readonly JsonValue[]): boolean {
  const identified = elements.filter((element) => isObject(element) && element.value !== undefined)
  return new Set(identified.map(identityKey(attribute))).size < identified.length
}

function lengthOf(operations: readonly DiffOperation[]): number {
  return JSON.stringify(operations).length
}

// ── one by one ───────────────────────────────────────────────────────────────────────────────────────────────────

interface Walk {
  readonly path: string
  readonly attribute: Attribute
  /** How many elements match a selector before the first part is changed, and now. */
  readonly first: ReadonlyMap<string, number>
  readonly now: Map<string, number>
  readonly operations: DiffOperation[]
}

// Undefined if some element cannot be distinguished from the others.
function oneByOne(
  path: string,
  attribute: Attribute,
  before: readonly JsonValue[],
  { removed, kept, added }: Changes,
): readonly DiffOperation[] | undefined {
  const changed = kept.filter(([was, is]) => !isSpelledSame(attribute, was, is))
  // To add a member to a large group, its members need not be distinguished.
  const now = removed.length + changed.length === 0 ? new Map<string, number>() : countSelectors(attribute, before)
  const removals = removalsOf(attribute, removed, now)
  if (removals === undefined) return undefined
  for (const element of removed) countElement(now, attribute, element, -1)
  const operations: DiffOperation[] = removals.map(({ text }) => ({ op: 'remove', path: `${path}[${text}]` }))
  const walk: Walk = { path, attribute, first: new Map(now), now, operations }
  const movesPrimary = isPrimaryMoved(kept, added)
  for (const [was, is] of changed) {
    const isDone = isObject(was) && isObject(is) ? changeParts(walk, was, is, movesPrimary) : respell(walk, was, is)
    if (!isDone) return undefined
  }
  if (added.length > 0) operations.push({ op: 'add', path, value: added })
  return operations
}

function respell(walk: Walk, was: JsonValue, is: JsonValue): boolean {
  const place = placeOf(walk, was, '')
  if (place !== undefined) walk.operations.push({ op: 'replace', path: place, value: is })
  return place !== undefined
}

function changeParts(walk: Walk, was: JsonObject, is: JsonObject, movesPrimary: boolean): boolean {
  let now = was
  for (const name of new Set([...Object.keys(is), ...Object.keys(was)])) {
    if (!isChanged(walk.attribute, name, was, is, movesPrimary)) continue
    const place = placeOf(walk, now, name)
    if (place === undefined) return false
    walk.operations.push(setAt(`${place}.${name}`, was[name], is[name]))
    countElement(walk.now, walk.attribute, now, -1)
    now = withKey(now, name, is[name])
    countElement(walk.now, walk.attribute, now, 1)
  }
  return true
}

function isChanged(
  attribute: Attribute,
  name: string,
  was: JsonObject,
  is: JsonObject,
  movesPrimary: boolean,
): boolean {
  if (isPrimaryFlag(attribute, name)) {
    if ((was[name] === true) === (is[name] === true)) return false
    // RFC 7644 §3.5.2: setting one primary unsets the previous one, so no other operation is needed.
    return is[name] === true || !movesPrimary
  }
  const sub = attribute.subAttributes.get(name.toLowerCase())
  if (sub?.mutability === 'immutable' && is[name] === undefined) return false
  return !isSpelledSame(sub, was[name], is[name])
}

function isPrimaryMoved(kept: Changes['kept'], added: Changes['added']): boolean {
  return added.some(isPrimary) || kept.some(([was, is]) => isPrimary(is) && !isPrimary(was))
}

function isPrimary(element: JsonValue): boolean {
  return isObject(element) && element.primary === true
}

// A filter that this element alone matches, preferably not on the part that is about to change. A filter that only this
// element matches because another element was changed before would have changed that one too, had it not been changed
// already.
function placeOf({ path, attribute, first, now }: Walk, element: JsonValue, changing: string): string | undefined {
  const isOnly = ({ key }: Selector): boolean => now.get(key) === 1 && (first.get(key) ?? 0) <= 1
  const own = selectorsOf(attribute, element).filter(isOnly)
  const selector = own.find(({ parts }) => !parts.includes(changing)) ?? own[0]
  return selector && `${path}[${selector.text}]`
}
