/**
 * `Retry-After` in milliseconds from now, 0 for a date in the past; undefined for a missing or invalid header.
 * `now` is in milliseconds since 1970.
 * @see RFC 9110 §10.2.3
 */
export function retryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? ''
  if (text === '') return undefined
  const seconds = Number(text)
  if (Number.isFinite(seconds)) return isDigits(text) ? seconds * 1_000 : undefined
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

function isDigits(text: string): boolean {
  return [...text].every((character) => character >= '0' && character <= '9')
}
