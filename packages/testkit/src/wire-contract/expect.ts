/** Assertions that need no test runner; errors contain the request, the expected and the actual result. */
import { isEqual, isUnassigned } from '../traces/json.js'
import { difference } from '../traces/match.js'
import type { Answer, Json } from './answer.js'

const longestShown = 600

/** Fails the case with a contract violation. */
export function violated(sentence: string): never {
  const error = new Error(sentence)
  error.name = 'ContractViolation'
  throw error
}

/** Throws a violation with this message unless the condition holds. */
export function expectThat(holds: boolean, sentence: string): asserts holds {
  if (!holds) violated(sentence)
}

/** Two JSON values are the same; the order of keys is irrelevant. */
export function expectSame(seen: unknown, expected: unknown, what: string): void {
  if (!isEqual(seen, expected)) violated(`${what}: expected ${shown(expected)}, saw ${shown(seen)}`)
}

/** Two JSON values differ. */
export function expectOther(seen: unknown, before: unknown, what: string): void {
  if (isEqual(seen, before)) violated(`${what}: expected another one than ${shown(before)}`)
}

/**
 * The response has the status, or one of several, and its body contains `includes` (see traces/match.ts: other keys are
 * ignored, elements of lists may be in any order).
 */
export function expectStatus<Given extends Answer>(
  answer: Given,
  status: number | readonly number[],
  includes?: Json,
): Given {
  const statuses: readonly number[] = typeof status === 'number' ? [status] : status
  if (!statuses.includes(answer.status))
    violated(`${answer.about}: expected ${statuses.join(' or ')}, got ${described(answer)}`)
  const why = includes === undefined ? undefined : difference(answer.json, includes)
  if (why !== undefined) violated(`${answer.about}: ${why}`)
  return answer
}

/** The response is a SCIM error of this status and scimType (`undefined`: not checked). */
export function expectError(
  answer: Answer,
  status: number | readonly number[],
  scimType?: string | readonly string[],
): Answer {
  expectStatus(answer, status)
  const { about, json, headers } = answer
  expectPlainError(json, about)
  expectSame(json.status, String(answer.status), `${about}: status in the error`)
  expectThat(
    isScimJson(headers['content-type']),
    `${about}: expected application/scim+json, got ${headers['content-type']}`,
  )
  if (scimType === undefined) return answer
  const types: readonly unknown[] = typeof scimType === 'string' ? [scimType] : scimType
  expectThat(
    types.includes(json.scimType),
    `${about}: expected scimType ${types.join(' or ')}, got ${described(answer)}`,
  )
  return answer
}

const errorMembers: readonly string[] = ['schemas', 'scimType', 'detail', 'status']

/**
 * An Error message with the schema and members of RFC 7644 §3.12 and no others: clients with strict models
 * cannot read a message with additional members.
 */
export function expectPlainError(error: Json, about: string): void {
  expectSame(error.schemas, ['urn:ietf:params:scim:api:messages:2.0:Error'], `${about}: schemas of the error`)
  const others = Object.keys(error).filter((name) => !errorMembers.includes(name))
  expectSame(others, [], `${about}: members of the error that RFC 7644 §3.12 does not have`)
}

/** True for `application/scim+json`, with or without parameters. */
export function isScimJson(contentType: string | undefined): boolean {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase() === 'application/scim+json'
}

/** The body has no value at these paths: absent, null or `[]`. A path is a name, or `name.sub`. */
export function expectAbsent(answer: Answer, ...names: readonly string[]): void {
  for (const name of names) {
    const value = answer.json[name]
    if (!isUnassigned(value)) violated(`${answer.about}: expected no ${name}, saw ${shown(value)}`)
  }
}

/** The body has these attributes, compared as a whole; `undefined` for absent ones. */
export function expectAttributes(answer: Answer, attributes: Json): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) expectAbsent(answer, name)
    else expectSame(answer.json[name], value, `${answer.about}: ${name}`)
  }
}

/** The response has a tag, and `meta.version` is the same. */
export function expectTagIsVersion(answer: Answer): void {
  expectThat(answer.tag !== '', `${answer.about}: expected an ETag, got ${described(answer)}`)
  expectSame(metaOf(answer).version, answer.tag, `${answer.about}: meta.version beside the ETag`)
}

/** `meta` of a body; `{}` if absent. */
export function metaOf({ json }: Answer): Json {
  return objectAt(json, 'meta')
}

/** The object of this name in another one; `{}` if absent. */
export function objectAt(json: Json, name: string): Json {
  const value = json[name]
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

/** The objects in the list of this name; none if there is no list. */
export function listAt(json: Json, name: string): readonly Json[] {
  const value = json[name]
  return Array.isArray(value) ? (value as readonly Json[]) : []
}

/** One attribute of every resource on a page. */
export function namesOn(page: Answer, attribute = 'userName'): readonly string[] {
  return listAt(page.json, 'Resources').map((resource) => String(resource[attribute]))
}

/** Describes a response as text. */
export function described({ status, headers, body }: Answer): string {
  return `${status}, ETag ${headers.etag ?? 'none'}, ${body.slice(0, longestShown)}`
}

function shown(value: unknown): string {
  const text = value === undefined ? '(absent)' : JSON.stringify(value)
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text
}

/** Resolves after some milliseconds, so that the clock has advanced. */
export function pause(milliseconds = 5): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
