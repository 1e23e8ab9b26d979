/**
 * The parameters of a list, from the query string of a GET or the body of POST /.search.
 * @see RFC 7644 §3.4.2, §3.4.3, §3.9; RFC 9865 §2, §3
 */
import { isDigits } from '../ascii.js'
import { type ScimError, scimError } from '../errors.js'
import type { InteropSwitches } from '../interop.js'
import { isArray, type JsonValue } from '../json/value.js'
import type { SearchRequest } from '../operation-types/operation.js'
import type { ProjectionRequest } from '../resource/projection.js'
import { readMessage } from '../resource/request-message.js'
import { endOfBracket } from '../schema/brackets.js'

type Parameters = ReadonlyMap<string, string>

/** `attributes` and `excludedAttributes` of a query string; names separated by commas. */
export function projectionParameters(query: Parameters): ProjectionRequest {
  const attributes = names(query.get('attributes'))
  const excludedAttributes = names(query.get('excludedAttributes'))
  return { ...(attributes && { attributes }), ...(excludedAttributes && { excludedAttributes }) }
}

function names(text: string | undefined): readonly string[] | undefined {
  const list = splitNames(text ?? '')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return list.length === 0 ? undefined : list
}

// A comma inside a value filter separates no names: `emails[value eq "a,b"]`.
function splitNames(text: string): readonly string[] {
  const list: string[] = []
  let start = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '[') i = endOfBracket(text, i) ?? text.length
    else if (text[i] === ',') {
      list.push(text.slice(start, i))
      start = i + 1
    }
  }
  return [...list, text.slice(start)]
}

/** All list parameters of a query string; unknown ones are ignored. Throws 400 invalidValue for an invalid number. */
export function searchParameters(query: Parameters): SearchRequest {
  return withoutUndefined({
    ...projectionParameters(query),
    filter: query.get('filter'),
    sortBy: query.get('sortBy'),
    sortOrder: query.get('sortOrder') || undefined,
    startIndex: wholeNumber('startIndex', query.get('startIndex')),
    cursor: query.get('cursor'),
    count: wholeNumber('count', query.get('count'), query.has('cursor')),
  })
}

function wholeNumber(name: string, text: string | undefined, withCursor = false): number | undefined {
  if (text === undefined || text === '') return undefined
  const digits = text.startsWith('-') || text.startsWith('+') ? text.slice(1) : text
  if (!isDigits(digits)) throw noWholeNumber(name, withCursor)
  return clamped(Number(text))
}

function noWholeNumber(name: string, withCursor: boolean): ScimError {
  const detail = `${name} must be a whole number.`
  return withCursor ? scimError.invalidCount(detail) : scimError.invalidValue(detail)
}

function clamped(value: number): number {
  return Math.min(Math.max(value, -1), Number.MAX_SAFE_INTEGER)
}

const searchAttributes = [
  'attributes',
  'excludedAttributes',
  'filter',
  'sortBy',
  'sortOrder',
  'startIndex',
  'cursor',
  'count',
] as const

/** The SearchRequest in the body of POST /.search. Throws 400 invalidSyntax or invalidValue. */
export function searchRequestFrom(body: JsonValue, interop: InteropSwitches): SearchRequest {
  const { values } = readMessage(body, 'SearchRequest', searchAttributes, interop)
  return withoutUndefined({
    attributes: textList('attributes', values.attributes, interop),
    excludedAttributes: textList('excludedAttributes', values.excludedAttributes, interop),
    filter: textOf('filter', values.filter),
    sortBy: textOf('sortBy', values.sortBy),
    sortOrder: textOf('sortOrder', values.sortOrder),
    startIndex: numberOf('startIndex', values.startIndex, interop),
    cursor: cursorOf(values.cursor),
    count: numberOf('count', values.count, interop, values.cursor !== undefined),
  })
}

function textOf(name: string, value: JsonValue | undefined): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  throw scimError.invalidValue(`${name} must be a string.`)
}

function cursorOf(value: JsonValue | undefined): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  throw scimError.invalidCursor()
}

function numberOf(
  name: string,
  value: JsonValue | undefined,
  interop: InteropSwitches,
  withCursor = false,
): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isInteger(value)) return clamped(value)
  if (typeof value === 'string' && value !== '' && interop.stringNumbers) return wholeNumber(name, value, withCursor)
  throw noWholeNumber(name, withCursor)
}

function textList(
  name: string,
  value: JsonValue | undefined,
  { singleForList }: InteropSwitches,
): readonly string[] | undefined {
  if (value === undefined) return undefined
  if (!isArray(value) && !singleForList) throw scimError.invalidValue(`${name} must be a list of attribute names.`)
  // One text is read as in the query string: names separated by commas.
  const list = typeof value === 'string' ? (names(value) ?? []) : isArray(value) ? value : [value]
  const texts = list.filter((text) => typeof text === 'string')
  if (texts.length !== list.length) throw scimError.invalidValue(`${name} must be a list of attribute names.`)
  return texts.length === 0 ? undefined : texts
}

type WithUndefined<Shape> = { readonly [Name in keyof Shape]?: Shape[Name] | undefined }

// exactOptionalPropertyTypes: absent parameters are absent properties.
function withoutUndefined(search: WithUndefined<SearchRequest>): SearchRequest {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined))
}
