/** Path segments and their allowed spelling: one spelling each, and no dot segments. @see RFC 3986 §3.3, §6.2.2 */
import { isDigit, isLetter } from '../../ascii.js'

/** The segment, decoded once; undefined if it is empty, a dot segment, badly encoded, or holds a separator or control. */
export function decodedSegment(segment: string): string | undefined {
  if (segment === '' || segment.includes(';')) return undefined
  const decoded = decodedOnce(segment)
  if (decoded === undefined || decoded === '.' || decoded === '..') return undefined
  return decoded.includes('/') || decoded.includes('\\') || hasControl(decoded) ? undefined : decoded
}

/**
 * True for `` and for a path whose segments are all plain: none is empty or a dot segment, and no character is
 * percent-encoded without need. `/sc%69m` is the same address as `/scim` (RFC 3986 §6.2.2.2), and only one of two
 * spellings is accepted.
 */
export function isPlainPath(path: string): boolean {
  if (path === '') return true
  if (!path.startsWith('/')) return false
  return path
    .slice(1)
    .split('/')
    .every((segment) => decodedSegment(segment) !== undefined && !encodesUnreserved(segment))
}

/** True if one of the segments of a path is `.` or `..`, percent-encoded or not. */
export function hasDotSegment(path: string): boolean {
  if (!path.includes('.') && !path.includes('%')) return false
  return path.split('/').some((segment) => {
    const decoded = decodedOnce(segment)
    return decoded === '.' || decoded === '..'
  })
}

/** The percent-decoded text, or undefined if the encoding is broken. */
export function decodedOnce(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

// unreserved = ALPHA / DIGIT / "-" / "." / "_" / "~" (RFC 3986 §2.3)
function encodesUnreserved(segment: string): boolean {
  for (let at = segment.indexOf('%'); at !== -1; at = segment.indexOf('%', at + 3)) {
    const unit = Number.parseInt(segment.slice(at + 1, at + 3), 16)
    if (isDigit(unit) || isLetter(unit) || '-._~'.includes(String.fromCharCode(unit))) return true
  }
  return false
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x20 || unit === 0x7f) return true
  }
  return false
}
