/**
 * References to resources that the same bulk request creates: the text `bulkId:qwerty` represents the id of the
 * resource whose POST has that bulkId.
 *
 * A reference is a whole text `bulkId:…`, under any name and at any depth: no schema defines which attribute of an
 * extension contains an id (RFC 7644 §3.7.2: extensions MUST be handled in the same way). In a `$ref` it is the last
 * segment of the URI, in the `path` of a PATCH a quoted text of its filter. A text within other text is just text.
 * @see RFC 7644 §3.7.2
 */
import { emptyObject, isArray, isObject, type JsonObject, type JsonValue } from '../json/value.js'
import { closingQuote } from '../schema/brackets.js'

const prefix = 'bulkId:'

/** The id for a bulkId; undefined leaves the reference as it is. */
export type IdOf = (bulkId: string) => string | undefined

/** The bulkId that a text as a whole refers to; undefined if it is no reference. */
export function referenceIn(text: string): string | undefined {
  return text.startsWith(prefix) ? text.slice(prefix.length) : undefined
}

/** Every bulkId that a value refers to, at any depth, in the order of the text. */
export function referencesIn(value: JsonValue): ReadonlySet<string> {
  const found = new Set<string>()
  resolveReferences(value, (bulkId) => {
    found.add(bulkId)
    return undefined
  })
  return found
}

/** The value with ids in place of references; the same value if there are none. Names of attributes never change. */
export function resolveReferences(value: JsonValue, idOf: IdOf): JsonValue {
  return inValue(value, '', idOf)
}

// `name` is the name of the attribute of the value, in lower case.
function inValue(value: JsonValue, name: string, idOf: IdOf): JsonValue {
  if (typeof value === 'string') return inText(value, name, idOf)
  if (isArray(value)) return inArray(value, name, idOf)
  return isObject(value) ? inObject(value, idOf) : value
}

function inArray(array: readonly JsonValue[], name: string, idOf: IdOf): readonly JsonValue[] {
  const resolved = array.map((element) => inValue(element, name, idOf))
  return resolved.some((element, i) => element !== array[i]) ? resolved : array
}

function inObject(object: JsonObject, idOf: IdOf): JsonObject {
  const resolved = emptyObject()
  let changed = false
  for (const name of Object.keys(object)) {
    const value = object[name] as JsonValue
    const now = inValue(value, name.toLowerCase(), idOf)
    if (now !== value) changed = true
    resolved[name] = now
  }
  return changed ? resolved : object
}

function inText(text: string, name: string, idOf: IdOf): string {
  const bulkId = referenceIn(text)
  if (bulkId !== undefined) return idOf(bulkId) ?? text
  if (name === '$ref') return inUri(text, idOf)
  return name === 'path' ? inPath(text, idOf) : text
}

// `../Users/bulkId:qwerty`
function inUri(uri: string, idOf: IdOf): string {
  const start = uri.lastIndexOf('/') + 1
  const bulkId = referenceIn(uri.slice(start))
  const id = bulkId === undefined ? undefined : idOf(bulkId)
  return id === undefined ? uri : `${uri.slice(0, start)}${encodeURIComponent(id)}`
}

// `members[value eq "bulkId:qwerty"]`
function inPath(path: string, idOf: IdOf): string {
  let resolved = ''
  let rest = 0
  for (let open = path.indexOf('"'); open !== -1; open = path.indexOf('"', rest)) {
    const close = closingQuote(path, open)
    if (close === undefined) break
    const literal = path.slice(open, close + 1)
    resolved += path.slice(rest, open) + inLiteral(literal, idOf)
    rest = close + 1
  }
  return resolved + path.slice(rest)
}

function inLiteral(literal: string, idOf: IdOf): string {
  const text = unquoted(literal)
  const bulkId = text === undefined ? undefined : referenceIn(text)
  const id = bulkId === undefined ? undefined : idOf(bulkId)
  return id === undefined ? literal : JSON.stringify(id)
}

// The filter parser refuses a text that is not JSON.
function unquoted(literal: string): string | undefined {
  try {
    return JSON.parse(literal) as string
  } catch {
    return undefined
  }
}
