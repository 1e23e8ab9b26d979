/**
 * Removes one part from the elements of a list: the whole part, or the values that are named. @see RFC 7644 §3.5.2.2
 */
import { scimError } from '../errors.js'
import { isArray, isObject, type JsonValue, own } from '../json/value.js'
import { canonicalText } from '../resource/equality.js'
import { type Reading, readElements } from '../resource/read-value.js'
import type { Attribute } from '../schema/attribute.js'
import { withPart } from './elements/parts.js'

/** Returns an element without the part, or the same element if nothing is removed. Throws 400 mutability. */
export type PartChange = (element: JsonValue) => JsonValue

/** True for an element that has the part. */
export function hasPart(element: JsonValue, sub: Attribute): boolean {
  return isObject(element) && own(element, sub.name) !== undefined
}

/** Removes the part. */
export function partRemoved(sub: Attribute): PartChange {
  return (element) => {
    if (!hasPart(element, sub)) return element
    if (sub.required) throw scimError.mutability(`${sub.path} is required.`)
    return withPart(element, sub, undefined)
  }
}

/** Removes the part where its value is one of those named; a part that is a list loses those named. */
export function namedPartRemoved(sub: Attribute, value: JsonValue, reading: Reading): PartChange {
  const remove = partRemoved(sub)
  const named = new Set((isArray(value) ? value : [value]).map((one) => textOf(sub, one, reading)))
  return (element) => {
    const part = isObject(element) ? own(element, sub.name) : undefined
    if (part === undefined) return element
    if (!isArray(part)) return named.has(canonicalText(sub, part)) ? remove(element) : element
    const left = part.filter((one) => !named.has(canonicalText(sub, one)))
    if (left.length === part.length) return element
    return left.length === 0 ? remove(element) : withPart(element, sub, left)
  }
}

function textOf(sub: Attribute, value: JsonValue, reading: Reading): string {
  const [read] = readElements(sub, [value], reading)
  if (read === undefined) throw namesNothing(sub)
  return canonicalText(sub, read)
}

/** The error of a remove whose value names nothing: it could mean all values, or none. */
export function namesNothing({ path }: Attribute): Error {
  return scimError.invalidValue(`${path}: the value names nothing to remove; leave the value out to remove all.`)
}
