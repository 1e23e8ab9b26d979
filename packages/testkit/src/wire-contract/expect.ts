/** Expectations that need no test runner; what is thrown says what was asked, what was expected and what was seen. */
import { isEqual, isUnassigned } from '../traces/json.js'
import { difference } from '../traces/match.js'
import type { Answer, Json } from './answer.js'

const longestShown = 600

/** Ends the case: a promise was not kept. */
export function violated(sentence: string): never {
  const error = new Error(sentence)
  error.name = 'ContractViolation'
  throw error
}

/** Holds, or the sentence is the violation. */
export function expectThat(holds: boolean, sentence: string): asserts holds {
  if (!holds) violated(sentence)
}

/** Two JSON values are the same; the order of keys does not count. */
export function expectSame(seen: unknown, expected: unknown, what: string): void {
  if (!isEqual(seen, expected)) violated(`${what}: expected ${shown(expected)}, saw ${shown(seen)}`)
}

/** Two are not the same. */
export function expectOther(seen: unknown, before: unknown, what: string): void {
  if (isEqual(seen, before)) violated(`${what}: expected another one than ${shown(before)}`)
}

/**
 * The answer has the status, or one of several, and its body contains `includes` (see traces/match.ts: other keys are
 * ignored, elements of lists may stand in any order).
 */
export function expectStatus<Given extends Answer>(
  answer: Given,
  status: number | readonly number[],
  includes?: Json,
): Given {
  const statuses: readonly number[] = typeof status === 'number' ? [status] : status
  if (!statuses.includes(answer.status))
    violated(`${answer.about}: expected ${statuses.join(' or ')}, got ${told(answer)}`)
  const why = includes === undefined ? undefined : difference(answer.json, includes)
  if (why !== undefined) violated(`${answer.about}: ${why}`)
  return answer
}

/** The answer is a SCIM error of this status and scimType (`undefined`: none, or none that is looked at). */
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
  expectThat(types.includes(json.scimType), `${about}: expected scimType ${types.join(' or ')}, got ${told(answer)}`)
  return answer
}

const errorMembers: readonly string[] = ['schemas', 'scimType', 'detail', 'status']

/**
 * An Error message with the schema and the members that RFC 7644 §3.12 gives it, and no others: clients with strict models
 * cannot read a message that has more.
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

/** At these places of the body is no value: absent, null or `[]`. A place is a name, or `name.sub`. */
export function expectAbsent(answer: Answer, ...names: readonly string[]): void {
  for (const name of names) {
    const value = answer.json[name]
    if (!isUnassigned(value)) violated(`${answer.about}: expected no ${name}, saw ${shown(value)}`)
  }
}

/** The tag is there and `meta.version` is the same. */
export function expectTagIsVersion(answer: Answer): void {
  expectThat(answer.tag !== '', `${answer.about}: expected an ETag, got ${told(answer)}`)
  expectSame(metaOf(answer).version, answer.tag, `${answer.about}: meta.version beside the ETag`)
}

/** `meta` of a body; `{}` if there is none. */
export function metaOf({ json }: Answer): Json {
  return objectAt(json, 'meta')
}

/** The object of this name in another one; `{}` if there is none. */
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

/** An answer for people. */
export function told({ status, headers, body }: Answer): string {
  return `${status}, ETag ${headers.etag ?? 'none'}, ${body.slice(0, longestShown)}`
}

function shown(value: unknown): string {
  const text = value === undefined ? '(absent)' : JSON.stringify(value)
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text
}

/** Resolves after some milliseconds, so that a clock has moved on. */
export function pause(milliseconds = 5): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
