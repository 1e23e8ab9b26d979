/**
 * The content of a 412: `detail` for people, in every response, and members that a program can read, for a client that
 * requests them (`Prefer: conflict-details`). `detail` names changed attributes, as RFC 7644 §3.12 leaves its text to
 * the server.
 * @see RFC 9110 §15.5.13; RFC 7644 §3.12, §3.14; ADR 32, ADR 36
 */
import { consistsOf } from '../ascii.js'
import type { JsonObject } from '../json/value.js'
import type { MismatchOutcome } from '../operation-types/outcome.js'
import { tagBeforeCoding } from '../versioning/coding-suffix.js'
import { evaluatePreconditionFor, type Precondition } from '../versioning/precondition.js'
import { type EntityTags, type HttpVersion, tagOfVersion } from '../versioning/version.js'

/** An object of this server in the body of an error, under its URN, as an extension is in a resource. */
export interface ErrorExtension {
  readonly schema: string
  readonly value: JsonObject
}

/** A 412, in parts. */
export interface PreconditionFailedBody {
  readonly detail: string
  /** The current tag. */
  readonly tag: HttpVersion
  /** Only for a client that requests it. */
  readonly extension: ErrorExtension
}

/**
 * Names the object that the body of a 412 has for `Prefer: conflict-details`: `current`, the current tag; `expected`,
 * the tags of `If-Match` if `If-Match` failed; `changed`, the attributes that differ from the newest of these, where
 * they are known.
 */
export const versionMismatchUrn = 'urn:scimkit:params:scim:api:messages:1.0:VersionMismatch'

const namesInDetail = 5
// Tags of this server have under 70 characters, strict ones with their digest.
const longestTold = 80

/** The parts of the response to an operation whose precondition did not hold. */
export function preconditionFailedBody(
  { expected, current, tag: known, changed }: MismatchOutcome,
  tags: EntityTags,
): PreconditionFailedBody {
  const tag = known ?? tagOfVersion(current, tags)
  const header = evaluatePreconditionFor(expected, current, tag) === 'match-failed' ? 'If-Match' : 'If-None-Match'
  const value = {
    current: tag,
    ...(header === 'If-Match' && { expected: tagsExpected(expected, tags) }),
    ...(changed !== undefined && { changed }),
  }
  const detail = `${header} does not hold: the resource is at ${tag} now${since(changed)}. Nothing was changed; read it again and decide.`
  return { detail, tag, extension: { schema: versionMismatchUrn, value } }
}

function tagsExpected({ match, representations }: Precondition, tags: EntityTags): readonly string[] {
  const expected =
    typeof representations?.match === 'object'
      ? representations.match
      : typeof match === 'object'
        ? match.map((version) => tagOfVersion(version, tags))
        : []
  // A tag with the suffix of a proxy is in the list without it too.
  return expected.filter((tag) => isPlain(tag) && tagBeforeCoding(tag, tags) === undefined)
}

// A well-formed tag may have any content; the response echoes only text that cannot be read as anything else than a
// tag.
function isPlain(tag: string): boolean {
  const opaque = tag.slice(tag.indexOf('"') + 1, -1)
  return opaque.length <= longestTold && consistsOf(opaque, '-._~+/=:')
}

function since(changed: readonly string[] = []): string {
  if (changed.length === 0) return ''
  const named = changed.slice(0, namesInDetail).join(', ')
  const more = changed.length - namesInDetail
  return `, changed since: ${named}${more > 0 ? ` and ${more} more` : ''}`
}
