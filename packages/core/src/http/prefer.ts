/**
 * The preferences of a `Prefer` header that this server knows: `return=…` and `conflict-details`. Everything else in
 * the header is ignored, also malformed parts: a preference is not a requirement.
 * @see RFC 7240 §2 (syntax; repeated headers are one list), §4.2 (`return`)
 */
import type { ReturnPreference } from '../operation-types/operation.js'

const longest = 2_048

/** The preference of a client that reads the conflict of a 412 by program; the same token goes into `Preference-Applied`. */
export const conflictDetails = 'conflict-details'

/** `return=minimal` or `return=representation`; undefined for neither, or for both, which is a mistake of the client. */
export function returnPreference(header: string | undefined): ReturnPreference | undefined {
  const asked = new Set<string>()
  for (const { name, value } of preferencesIn(header)) if (name === 'return') asked.add(value.toLowerCase())
  if (asked.has('minimal') === asked.has('representation')) return undefined
  return asked.has('minimal') ? 'minimal' : 'representation'
}

/**
 * True if the client requests the conflict of a 412 in the body. With a value other than the empty one it is another
 * preference.
 */
export function prefersConflictDetails(header: string | undefined): boolean {
  // RFC 7240 §2: of a repeated preference, the first counts.
  return preferencesIn(header).find(({ name }) => name === conflictDetails)?.value === ''
}

/** One preference, without its parameters. No value and an empty value are the same. */
interface Preference {
  /** In lower case: tokens ignore case. */
  readonly name: string
  readonly value: string
}

function preferencesIn(header: string | undefined): readonly Preference[] {
  if (header === undefined || header.length > longest) return []
  return splitOutsideQuotes(header, ',').map((preference) => {
    // RFC 7240 §2: unknown parameters are ignored, and none is defined for these preferences.
    const [given = ''] = splitOutsideQuotes(preference, ';')
    const equals = given.indexOf('=')
    if (equals === -1) return { name: given.trim().toLowerCase(), value: '' }
    return { name: given.slice(0, equals).trim().toLowerCase(), value: unquoted(given.slice(equals + 1).trim()) }
  })
}

function splitOutsideQuotes(text: string, separator: ',' | ';'): readonly string[] {
  const parts: string[] = []
  let start = 0
  let isQuoted = false
  for (let i = 0; i < text.length; i++) {
    const unit = text[i]
    if (isQuoted && unit === '\\') i++
    else if (unit === '"') isQuoted = !isQuoted
    else if (unit === separator && !isQuoted) {
      parts.push(text.slice(start, i))
      start = i + 1
    }
  }
  return [...parts, text.slice(start)]
}

function unquoted(word: string): string {
  return word.length > 1 && word.startsWith('"') && word.endsWith('"') ? word.slice(1, -1) : word
}
