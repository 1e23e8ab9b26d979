/** Converts SCIM responses into the answers of a history. */
import {
  type FoundResource,
  type HistoryAnswer,
  type HistoryRequest,
  type Value,
  valueFrom,
} from '@scimkit/linearizability'
import type { ExchangeResponse } from '../exchange.js'
import type { HotType } from './hot-type.js'

type Json = Readonly<Record<string, unknown>>

/** Reads a response. A response that does not show whether the request was carried out is `unknown`, whatever its status. */
export function answerOf(type: HotType, request: HistoryRequest, response: ExchangeResponse): HistoryAnswer {
  const { status, headers, body } = response
  if (status >= 500 || status === 408 || status === 429) return { kind: 'unknown', why: String(status) }
  const document = parsed(body)
  if (document === undefined) return { kind: 'answered', status, flaw: 'a body that is not a JSON object' }
  if (request.kind === 'SEARCH') return { kind: 'answered', status, ...foundIn(type, document) }
  const tag = headers.etag
  const shows = status >= 200 && status < 300 && body !== ''
  const version = versionIn(document)
  return {
    kind: 'answered',
    status,
    ...(tag !== undefined && { tag }),
    ...(shows && { value: valueIn(type, document) }),
    ...(status === 201 && typeof document.id === 'string' && { id: document.id }),
    ...(shows && version !== tag && { flaw: `ETag ${tag} with meta.version ${version}` }),
  }
}

function foundIn(type: HotType, document: Json): { readonly found?: readonly FoundResource[] } {
  const { Resources: resources = [] } = document
  if (!Array.isArray(resources)) return {}
  return { found: resources.filter(isObject).map((resource) => foundResource(type, resource)) }
}

function foundResource(type: HotType, resource: Json): FoundResource {
  const tag = versionIn(resource)
  return { id: String(resource.id), ...(tag !== undefined && { tag }), value: valueIn(type, resource) }
}

function valueIn({ scalar, list }: HotType, document: Json): Value {
  const elements: unknown = document[list]
  const values = Array.isArray(elements) ? elements.filter(isObject).map(({ value }) => String(value)) : []
  const text = document[scalar]
  return valueFrom(typeof text === 'string' ? text : '', values)
}

function versionIn({ meta }: Json): string | undefined {
  return isObject(meta) && typeof meta.version === 'string' ? meta.version : undefined
}

function parsed(body: string): Json | undefined {
  if (body === '') return {}
  try {
    const value: unknown = JSON.parse(body)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
