/**
 * Entity tags that a proxy changed because it compressed the body. RFC 9110 §8.8.3.3 wants another tag for another
 * content coding, so proxies put a suffix into the tag, and few remove it from the `If-Match` and `If-None-Match` that
 * come back. The suffix is removed only from tags of this server's form: in a version of another form the same
 * characters may have a meaning.
 * @see RFC 9110 §8.8.3, §8.8.3.3
 */
import type { EntityTags } from './version.js'
import { isOwnVersion, parseHttpVersion, parseStrongHttpVersion } from './version.js'

// Apache: -gzip of mod_deflate, -br of mod_brotli. Jetty: --gzip. Roxen: ;gzip. Caddy, strong tags only: -gzip, -br, -zstd.
const suffixes = ['-gzip', '-br', '-zstd', '-deflate', ';gzip', '--gzip']

/**
 * The tags, each followed by the original tag from which a proxy may have created it. A tag as it was sent comes first
 * and stays, so that a version with the same ending is found.
 */
export function withTagsBeforeCoding(tags: readonly string[], kind: EntityTags): readonly string[] {
  return tags.flatMap((tag) => {
    const before = tagBeforeCoding(tag, kind)
    return before === undefined ? [tag] : [tag, before]
  })
}

/**
 * The tag without the suffix of a content coding; undefined if it has none, or if the rest is not of this server's
 * form.
 */
export function tagBeforeCoding(tag: string, kind: EntityTags): string | undefined {
  for (const suffix of suffixes) {
    if (!tag.endsWith(`${suffix}"`)) continue
    const before = `${tag.slice(0, -suffix.length - 1)}"`
    if (isOwnTag(before, kind)) return before
  }
  return undefined
}

// A strict tag ends with the digest of its representation, or with the dot before it, whatever form the version has.
function isOwnTag(tag: string, kind: EntityTags): boolean {
  if (kind === 'strict') return parseStrongHttpVersion(tag) !== undefined
  const version = parseHttpVersion(tag)
  return version !== undefined && isOwnVersion(version)
}
