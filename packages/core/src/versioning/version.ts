import { consistsOf, isDigits, isVisible } from '../ascii.js'
import { canonicalJson, type JsonObject } from '../json/value.js'
import { type Ports, platformPorts } from '../ports.js'

declare const rawBrand: unique symbol
declare const httpBrand: unique symbol

/** A version as stores and agents know it: `3-9f86d081884c7d65-c0ffee5ca1ab`. Opaque outside of this file. */
export type RawVersion = string & { readonly [rawBrand]: true }

/**
 * A version as HTTP and `meta.version` show it: `W/"3-9f86d081884c7d65-c0ffee5ca1ab"`, or, where tags are strict, the
 * version and the digest of one representation: `"3-9f86d081884c7d65-c0ffee5ca1ab.2cf24dba5fb0a30e26e83b2a"`.
 */
export type HttpVersion = string & { readonly [httpBrand]: true }

// 96 bits, in hex: of a representation in a strict tag, and of a version that is a digest alone.
const digestLength = 24

// 64 bits of the same in a version with a nonce: there the digest only shows that content is equal.
const shortDigestLength = 16

// 48 bits.
const nonceBytes = 6

// A tag must fit a header and a column; those of this server are under 75 characters.
const longestVersion = 256

/** A text as a version. Throws a TypeError unless it is 1 to 256 visible ASCII characters without `"`. */
export function rawVersion(text: string): RawVersion {
  if (!isVersionText(text)) {
    throw new TypeError('A version is 1 to 256 visible ASCII characters without a double quote.')
  }
  return text as RawVersion
}

/**
 * A stored version as `ETag` and `meta.version` show it. @see RFC 7644 §3.14
 * @example
 * ```ts
 * import { httpVersion, rawVersion } from '@scimkit/core'
 *
 * httpVersion(rawVersion('3-9f86d081884c7d65-0123456789ab')) // W/"3-9f86d081884c7d65-0123456789ab"
 * ```
 */
export function httpVersion(version: RawVersion): HttpVersion {
  return `W/"${version}"` as HttpVersion
}

/**
 * The kind of entity tags of a server: `weak`, one for all representations of a version, or `strict`, a strong one for
 * each representation.
 * @see RFC 9110 §8.8.1, §8.8.3
 */
export type EntityTags = 'weak' | 'strict'

/** The strong tag of one representation. `digest` is over its bytes; empty for a tag without a representation. */
export function strongHttpVersion(version: RawVersion, digest: string): HttpVersion {
  return `"${version}.${digest}"` as HttpVersion
}

/** The tag of a version without a representation: for a 204 to a write, a 412 or a 428, and in events. */
export function tagOfVersion(version: RawVersion, tags: EntityTags): HttpVersion {
  return tags === 'weak' ? httpVersion(version) : strongHttpVersion(version, '')
}

/**
 * The version in a strict tag, for any representation; undefined for a tag that this server cannot have created.
 * Weakness is ignored.
 */
export function parseStrongHttpVersion(tag: string): RawVersion | undefined {
  const opaque = tag.startsWith('W/') ? tag.slice(2) : tag
  const dot = opaque.lastIndexOf('.')
  if (dot < 2 || !opaque.startsWith('"') || !opaque.endsWith('"')) return undefined
  const [text, digest] = [opaque.slice(1, dot), opaque.slice(dot + 1, -1)]
  const isDigest = digest === '' || (digest.length === digestLength && consistsOf(digest, ''))
  return isDigest && isVersionText(text) ? (text as RawVersion) : undefined
}

/** The version in one entity tag, weak or strong; undefined if the text is not an entity tag of this server. */
export function parseHttpVersion(tag: string): RawVersion | undefined {
  const opaque = tag.startsWith('W/') ? tag.slice(2) : tag
  if (opaque.length < 3 || !opaque.startsWith('"') || !opaque.endsWith('"')) return undefined
  const text = opaque.slice(1, -1)
  return isVersionText(text) ? (text as RawVersion) : undefined
}

/** True for a text that can be a version: 1 to 256 visible ASCII characters without `"`. */
export function isVersionText(text: string): boolean {
  return isVisible(text, longestVersion) && !text.includes('"')
}

/** SHA-256 over the canonical document, cut to 96 bits; a version has the first 64 of them. */
export async function contentDigest(resource: JsonObject, digest: Ports['digest']): Promise<string> {
  return textDigest(canonicalJson(resource), digest)
}

/** The same of a document that is canonical text already. */
export async function textDigest(canonical: string, digest: Ports['digest']): Promise<string> {
  const hex = await digest(canonical)
  return hex.slice(0, digestLength)
}

/**
 * A version computed from content alone, for stores that keep none. It repeats when content does (A→B→A), which a
 * provider built on it must declare. `resource` is the stored document without `meta`.
 */
export async function contentVersion(
  resource: JsonObject,
  digest: Ports['digest'] = platformPorts.digest,
): Promise<RawVersion> {
  return (await contentDigest(resource, digest)) as RawVersion
}

/**
 * Compares the generations of two versions of one resource: below 0 if `left` is older, above 0 if it is newer, 0 if
 * they are of one generation. NaN for versions that a provider created in a form of its own.
 */
export function compareGenerations(left: RawVersion, right: RawVersion): number {
  return (generationOf(left) ?? Number.NaN) - (generationOf(right) ?? Number.NaN)
}

/**
 * The part that makes the versions of one write different from all others: 48 random bits, in hex. The generation and
 * the digest of a version may repeat when a backup is restored and another write follows; the nonce does not. One for
 * each attempt to write; a cascade uses the same one for all its groups.
 */
export function versionNonce(randomBytes: Ports['randomBytes'] = platformPorts.randomBytes): string {
  let hex = ''
  for (const byte of randomBytes(nonceBytes)) hex += byte.toString(16).padStart(2, '0')
  return hex
}

/** The version of a new resource. `digest` comes from {@link contentDigest}, `nonce` from {@link versionNonce}. */
export function firstVersion(digest: string, nonce: string): RawVersion {
  return versionOf(1, digest, nonce)
}

/**
 * The version after one committed change: the generation increases by one, so that no version of a resource repeats,
 * and the nonce is a new one, so that none repeats after a restore either. `contentDigest` undefined keeps the digest:
 * a change of rows or of a secret leaves the document as it is. Throws a TypeError for a `nonce` that is not of {@link
 * versionNonce}'s form.
 */
export function nextVersion(current: RawVersion, nonce: string, contentDigest?: string): RawVersion {
  const generation = generationOf(current)
  // A provider's own revision has another form; the provider returns its own next version, so this one is only a hint.
  if (generation === undefined) return versionOf(1, contentDigest ?? current, nonce)
  return versionOf(generation + 1, contentDigest ?? current.slice(current.indexOf('-') + 1), nonce)
}

// Digests of older versions are longer; cut, they equal the newer ones of the same content.
function versionOf(generation: number, digest: string, nonce: string): RawVersion {
  if (!isNonce(nonce)) throw new TypeError('A nonce is 12 hexadecimal digits.')
  return `${generation}-${digest.slice(0, shortDigestLength)}-${nonce}` as RawVersion
}

/**
 * How many changes of the resource had been committed at this version: 1 is the first. For stores that keep the
 * generation in a column, so that a cascade over many groups is one UPDATE. Undefined for versions that a provider
 * created in a form of its own.
 */
export function generationOf(version: RawVersion): number | undefined {
  const digits = version.slice(0, Math.max(0, version.indexOf('-')))
  return digits.length <= 15 && isDigits(digits) ? Number(digits) : undefined
}

/**
 * True for a version of a current or earlier form of this file: a generation, a digest and a nonce; no nonce, as in
 * early versions; or a digest alone, as of documents that have no generations. False for most revisions that a provider
 * created in a form of its own.
 */
export function isOwnVersion(version: RawVersion): boolean {
  const parts = version.split('-')
  if (parts.length > 3) return false
  const [digest = '', nonce] = parts.length === 1 ? parts : parts.slice(1)
  if (parts.length > 1 && generationOf(version) === undefined) return false
  const isDigest = [digestLength, shortDigestLength].includes(digest.length) && isHex(digest)
  return isDigest && (nonce === undefined || isNonce(nonce))
}

// In place of the digest of a version.
const noDigest = '0'.repeat(shortDigestLength)

/**
 * The version without the digest of the document, for a caller that may not read all of the document: from a digest a
 * value can be guessed. Generation and nonce identify it as well. A version that is a digest alone, or has a form of the
 * provider's own, stays as it is.
 */
export function withoutDigest(version: RawVersion): RawVersion {
  const [generation = '', digest, ...nonce] = version.split('-')
  if (digest === undefined || !isOwnVersion(version)) return version
  return [generation, noDigest, ...nonce].join('-') as RawVersion
}

/** True if a version that a client sent is this one, with or without its digest. */
export function namesVersion(given: RawVersion, version: RawVersion): boolean {
  return given === version || (given.includes(noDigest) && given === withoutDigest(version))
}

function isNonce(text: string): boolean {
  return text.length === 2 * nonceBytes && isHex(text)
}

function isHex(text: string): boolean {
  return [...text].every((character) => '0123456789abcdef'.includes(character))
}
