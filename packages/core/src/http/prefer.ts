/**
 * The `Prefer` header, as far as it says how much an answer should hold. Everything else in it is ignored, also what is
 * not well formed: a preference is no demand.
 * @see RFC 7240 §2, §4.2
 */
import type { ReturnPreference } from '../operations/operation.js'

const longest = 2_048

/** `return=minimal` or `return=representation`; undefined for neither, or for both, which is a mistake of the client. */
export function returnPreference(header: string | undefined): ReturnPreference | undefined {
  if (header === undefined || header.length > longest) return undefined
  const asked = new Set<string>()
  for (const preference of splitOutsideQuotes(header, ',')) {
    // Parameters of a preference change nothing here (RFC 7240 §2: what is not understood is ignored).
    const [given = ''] = splitOutsideQuotes(preference, ';')
    const equals = given.indexOf('=')
    if (equals !== -1 && given.slice(0, equals).trim().toLowerCase() === 'return') {
      asked.add(unquoted(given.slice(equals + 1).trim()).toLowerCase())
    }
  }
  if (asked.has('minimal') === asked.has('representation')) return undefined
  return asked.has('minimal') ? 'minimal' : 'representation'
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
