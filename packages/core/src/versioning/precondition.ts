/**
 * Preconditions: read from headers once, decided by one pure function, against the version that was read and again
 * after a lost compare-and-swap.
 * @see RFC 9110 §13.1.1, §13.1.2, §13.2; RFC 7644 §3.14
 */
import { scimError } from '../errors.js'
import type { Limits } from '../limits.js'
import { tagBeforeCoding, withTagsBeforeCoding } from './coding-suffix.js'
import {
  type EntityTags,
  type HttpVersion,
  namesVersion,
  parseHttpVersion,
  parseStrongHttpVersion,
  type RawVersion,
  rawVersion,
  withoutDigest,
} from './version.js'

/** A client's expectation of the version: nothing, existence, one of some versions, or none of some. */
export interface Precondition {
  /** From `If-Match`; `'*'` means any current version. Undefined: not sent. */
  readonly match: readonly RawVersion[] | '*' | undefined
  /** From `If-None-Match`. */
  readonly noneMatch: readonly RawVersion[] | '*' | undefined
  /** Where tags are strict: the representations that the headers name, for a read, which makes one and can compare. */
  readonly representations?: RepresentationTags
}

/** Entity tags as they were sent, without `W/`; of `If-Match` the strong ones alone. @see RFC 9110 §8.8.3.2 */
export interface RepresentationTags {
  readonly match: readonly string[] | '*' | undefined
  readonly noneMatch: readonly string[] | '*' | undefined
}

/** No expectation at all. */
export const unconditional: Precondition = { match: undefined, noneMatch: undefined }

/**
 * The expectation that a resource is still at this version (or one of these).
 * @example
 * ```ts
 * import { createScim, ifVersion, type RawVersion, tenantId } from '@scimkit/core'
 * import { memoryProvider } from '@scimkit/memory-provider'
 *
 * const scim = createScim({ provider: memoryProvider() })
 * const context = scim.context({ tenant: tenantId('acme') })
 *
 * export const removeUser = (id: string, version: RawVersion) =>
 *   scim.perform({ kind: 'remove', ref: { type: 'User', id }, precondition: ifVersion(version) }, context)
 * ```
 */
export function ifVersion(...versions: readonly RawVersion[]): Precondition {
  return { match: versions, noneMatch: undefined }
}

/** The header that refused, or none. `If-Match` is checked first. @see RFC 9110 §13.2.2 */
export type PreconditionResult = 'holds' | 'match-failed' | 'none-match-failed'

/**
 * Decides a precondition against the version that a resource has. Opaque values are compared, so a weak tag matches
 * when it is echoed: RFC 7644 §3.14 uses weak tags in `If-Match`, which strong comparison could never match.
 */
export function evaluatePrecondition(precondition: Precondition, version: RawVersion): PreconditionResult {
  if (!isAmong(precondition.match ?? '*', version)) return 'match-failed'
  if (precondition.noneMatch !== undefined && isAmong(precondition.noneMatch, version)) return 'none-match-failed'
  return 'holds'
}

function isAmong(names: readonly RawVersion[] | '*', version: RawVersion): boolean {
  return names === '*' || names.some((name) => namesVersion(name, version))
}

/**
 * The same expectation of a caller that sees versions without their digests: a version with another digest names
 * nothing.
 */
export function withoutDigests(precondition: Precondition): Precondition {
  const known = (names: Precondition['match']): Precondition['match'] =>
    typeof names === 'object' ? names.filter((name) => name === withoutDigest(name)) : names
  return { ...precondition, match: known(precondition.match), noneMatch: known(precondition.noneMatch) }
}

/**
 * Decides a precondition against one representation, for a read: strong comparison for `If-Match`, weak for
 * `If-None-Match`. The same as {@link evaluatePrecondition} where one tag is for all representations of a version.
 * @see RFC 9110 §13.1.1, §13.1.2
 */
export function evaluatePreconditionFor(
  precondition: Precondition,
  version: RawVersion,
  tag: HttpVersion,
): PreconditionResult {
  const { representations } = precondition
  if (representations === undefined) return evaluatePrecondition(precondition, version)
  if (!includes(representations.match ?? '*', tag)) return 'match-failed'
  return includes(representations.noneMatch ?? [], tag) ? 'none-match-failed' : 'holds'
}

function includes<Name extends string>(names: readonly Name[] | '*', name: Name): boolean {
  return names === '*' || names.includes(name)
}

/** True when any version is acceptable, so that a lost compare-and-swap is simply retried. */
export function isUnconditional(precondition: Precondition): boolean {
  return (precondition.match ?? '*') === '*' && precondition.noneMatch === undefined
}

/**
 * The precondition in `If-Match` and `If-None-Match` (repeated headers joined by a comma). An invalid header is 400,
 * never "absent": a client that sends a condition must not overwrite without it. Limits: 8 KiB and 64 tags a header. A
 * tag of this server's form with the suffix of a proxy that compresses also names the version without it.
 */
export function parsePrecondition(
  ifMatch: string | undefined,
  ifNoneMatch: string | undefined,
  limits: Pick<Limits, 'etagHeaderLength' | 'etagCount'>,
  tags: EntityTags = 'weak',
): Precondition {
  if (ifMatch === undefined && ifNoneMatch === undefined) return unconditional
  const match = withAliases(parseTags('If-Match', ifMatch, limits), tags)
  const noneMatch = withAliases(parseTags('If-None-Match', ifNoneMatch, limits), tags)
  if (tags === 'weak') return { match: named(match, parseHttpVersion), noneMatch: named(noneMatch, parseHttpVersion) }
  // RFC 9110 §8.8.3.2: under strong comparison a weak tag equals nothing.
  const strong = match === '*' ? match : match?.filter((tag) => !tag.startsWith('W/'))
  return {
    match: named(strong, parseStrongHttpVersion),
    noneMatch: named(noneMatch, parseStrongHttpVersion),
    representations: { match: named(strong, opaqueTag), noneMatch: named(noneMatch, opaqueTag) },
  }
}

/**
 * The expectation in `version` of an operation of a bulk request, which has one or more entity tags, or a version
 * without quotes. Throws 400 as {@link parsePrecondition} does, and a TypeError for a text that is neither.
 * @see RFC 7644 §3.7 (`version`)
 */
export function preconditionOfVersion(
  version: string,
  limits: Pick<Limits, 'etagHeaderLength' | 'etagCount'>,
  tags: EntityTags,
): Precondition {
  if (version.includes('"')) return parsePrecondition(version, undefined, limits, tags)
  const before = tagBeforeCoding(`"${version}"`, 'weak')
  return ifVersion(rawVersion(version), ...(before === undefined ? [] : [rawVersion(before.slice(1, -1))]))
}

function withAliases(tags: readonly string[] | '*' | undefined, kind: EntityTags): readonly string[] | '*' | undefined {
  return typeof tags === 'object' ? withTagsBeforeCoding(tags, kind) : tags
}

// A well-formed tag that this server cannot have created names nothing; the list stays a list.
function named<Name extends string>(
  tags: readonly string[] | '*' | undefined,
  nameIn: (tag: string) => Name | undefined,
): readonly Name[] | '*' | undefined {
  return typeof tags === 'object' ? tags.map(nameIn).filter((name) => name !== undefined) : tags
}

function opaqueTag(tag: string): string {
  return tag.startsWith('W/') ? tag.slice(2) : tag
}

function parseTags(
  header: string,
  text: string | undefined,
  limits: Pick<Limits, 'etagHeaderLength' | 'etagCount'>,
): readonly string[] | '*' | undefined {
  if (text === undefined) return undefined
  if (text.length > limits.etagHeaderLength) {
    throw scimError.badRequest(`${header} is longer than ${limits.etagHeaderLength} characters.`)
  }
  if (trimBlanks(text) === '*') return '*'
  const tags: string[] = []
  let at = 0
  for (;;) {
    at = skipSeparators(text, at)
    if (at === text.length) break
    const end = endOfTag(text, at)
    if (end === undefined || !endsCleanly(text, end)) {
      throw scimError.badRequest(
        `${header} is not a list of entity tags: expected W/"…" or "…", separated by commas, or *.`,
      )
    }
    if (tags.length === limits.etagCount)
      throw scimError.badRequest(`${header} names more than ${limits.etagCount} entity tags.`)
    tags.push(text.slice(at, end))
    at = end
  }
  if (tags.length === 0) throw scimError.badRequest(`${header} is empty: expected entity tags or *.`)
  return tags
}

const isBlank = (unit: number): boolean => unit === 0x20 || unit === 0x09

function trimBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

// RFC 9110 §5.6.1.2: a recipient accepts empty list elements.
function skipSeparators(text: string, from: number): number {
  let at = from
  while (at < text.length && (isBlank(text.charCodeAt(at)) || text[at] === ',')) at++
  return at
}

// entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE; etagc is any visible character but DQUOTE, and obs-text.
function endOfTag(text: string, from: number): number | undefined {
  let at = text.startsWith('W/', from) ? from + 2 : from
  if (text[at] !== '"') return undefined
  for (at++; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 0x22) return at + 1
    if (unit < 0x21 || unit === 0x7f) return undefined
  }
  return undefined
}

function endsCleanly(text: string, end: number): boolean {
  let at = end
  while (at < text.length && isBlank(text.charCodeAt(at))) at++
  return at === text.length || text[at] === ','
}
