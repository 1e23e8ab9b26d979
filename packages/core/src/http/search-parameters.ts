/**
 * What a list is asked for, from the query string of a GET or the body of POST /.search.
 * @see RFC 7644 §3.4.2, §3.4.3, §3.9; RFC 9865 §2, §3
 */
import { isDigits } from '../ascii.js'
import { type ScimError, scimError } from '../errors.js'
import type { InteropSwitches } from '../interop.js'
import { isArray, isObject, type JsonValue } from '../json.js'
import type { SearchRequest } from '../operations/operation.js'
import type { ProjectionRequest } from '../resource/projection.js'

type Parameters = ReadonlyMap<string, string>

const searchRequestSchema = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'

/** `attributes` and `excludedAttributes` of a query string; names separated by commas. */
export function projectionParameters(query: Parameters): ProjectionRequest {
  const attributes = names(query.get('attributes'))
  const excludedAttributes = names(query.get('excludedAttributes'))
  return { ...(attributes && { attributes }), ...(excludedAttributes && { excludedAttributes }) }
}

function names(text: string | undefined): readonly string[] | undefined {
  const list = (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return list.length === 0 ? undefined : list
}

/** All list parameters of a query string; unknown ones are ignored. Throws 400 invalidValue for what is no number. */
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
  const detail = `${name} takes a whole number.`
  return withCursor ? scimError.invalidCount(detail) : scimError.invalidValue(detail)
}

function clamped(value: number): number {
  return Math.min(Math.max(value, -1), Number.MAX_SAFE_INTEGER)
}

/** The SearchRequest in the body of POST /.search. Throws 400 invalidSyntax or invalidValue. */
export function searchRequestFrom(body: JsonValue, interop: InteropSwitches): SearchRequest {
  if (!isObject(body)) throw scimError.invalidSyntax('The body must be a JSON object.')
  const values = new Map<string, JsonValue>()
  for (const name of Object.keys(body)) {
    const key = name.toLowerCase()
    if (values.has(key)) throw scimError.invalidSyntax('The body gives a name twice.')
    const value = body[name]
    if (value !== null && value !== undefined) values.set(key, value)
  }
  checkSchemas(values.get('schemas'), interop)
  return withoutUndefined({
    attributes: textList('attributes', values.get('attributes')),
    excludedAttributes: textList('excludedAttributes', values.get('excludedattributes')),
    filter: textOf('filter', values.get('filter')),
    sortBy: textOf('sortBy', values.get('sortby')),
    sortOrder: textOf('sortOrder', values.get('sortorder')),
    startIndex: numberOf('startIndex', values.get('startindex')),
    cursor: cursorOf(values.get('cursor')),
    count: numberOf('count', values.get('count'), values.has('cursor')),
  })
}

function checkSchemas(schemas: JsonValue | undefined, interop: InteropSwitches): void {
  if (schemas === undefined && interop.missingSchemas) return
  const urns = isArray(schemas) ? schemas : [schemas]
  const named = urns.some((urn) => typeof urn === 'string' && urn.toLowerCase() === searchRequestSchema.toLowerCase())
  if (!named && !interop.acceptForeignSchemas)
    throw scimError.invalidSyntax(`schemas must name ${searchRequestSchema}.`)
}

function textOf(name: string, value: JsonValue | undefined): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  throw scimError.invalidValue(`${name} takes text.`)
}

function cursorOf(value: JsonValue | undefined): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  throw scimError.invalidCursor()
}

function numberOf(name: string, value: JsonValue | undefined, withCursor = false): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isInteger(value)) return clamped(value)
  throw noWholeNumber(name, withCursor)
}

function textList(name: string, value: JsonValue | undefined): readonly string[] | undefined {
  if (value === undefined) return undefined
  // One text is taken as the query string has it: names separated by commas.
  const list = typeof value === 'string' ? (names(value) ?? []) : isArray(value) ? value : [value]
  const texts = list.filter((text) => typeof text === 'string')
  if (texts.length !== list.length) throw scimError.invalidValue(`${name} takes a list of attribute names.`)
  return texts.length === 0 ? undefined : texts
}

type WithUndefined<Shape> = { readonly [Name in keyof Shape]?: Shape[Name] | undefined }

// exactOptionalPropertyTypes: what is not asked for is not there.
function withoutUndefined(search: WithUndefined<SearchRequest>): SearchRequest {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined))
}
