import { emptyObject, isObject, type JsonObject, type JsonValue, jsonEqual, own } from '../json/value.js'

/**
 * The attributes that differ between two stored documents, as a client names them: `title`, `name`,
 * `urn:…:User:department`. Not `schemas`, which only lists the extensions. The order is unspecified.
 */
export function changedNames(before: JsonObject, after: JsonObject): readonly string[] {
  const changed: string[] = []
  for (const name of namesOf(before, after)) {
    if (name === 'schemas') continue
    const [was, is] = [own(before, name), own(after, name)]
    if (jsonEqual(was, is)) continue
    // RFC 7643 §3.3: an extension is an object under its URN, and its attributes are the client's attributes.
    const isExtension = name.includes(':') && (isObject(was) || isObject(is))
    if (isExtension) for (const part of changedParts(was, is)) changed.push(`${name}:${part}`)
    else changed.push(name)
  }
  return changed
}

function changedParts(was: JsonValue | undefined, is: JsonValue | undefined): readonly string[] {
  const before = isObject(was) ? was : emptyObject()
  const after = isObject(is) ? is : emptyObject()
  return namesOf(before, after).filter((name) => !jsonEqual(own(before, name), own(after, name)))
}

function namesOf(before: JsonObject, after: JsonObject): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
}
