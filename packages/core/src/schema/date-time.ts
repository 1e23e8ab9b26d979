import { isDigit } from '../ascii.js'

/**
 * The instant that a dateTime names, in milliseconds since 1970; undefined if the text is not one. Digits beyond the
 * millisecond are dropped, a time without a zone is UTC, and 24:00:00 is the next midnight. Lower-case `t` and `z`,
 * leap seconds and years of other than four digits are not xsd:dateTime as RFC 3339 can say it, and are refused.
 * @see RFC 7643 §2.3.5; XML Schema Part 2 §3.3.7; RFC 3339 §5.6
 */
export function instantOf(text: string): number | undefined {
  // 2011-05-13T04:42:34, then a fraction, then a zone
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 2)
  const day = digits(text, 8, 2)
  if (year === undefined || month === undefined || day === undefined) return undefined
  if (text[4] !== '-' || text[7] !== '-' || text[10] !== 'T') return undefined
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined

  const hour = digits(text, 11, 2)
  const minute = digits(text, 14, 2)
  const second = digits(text, 17, 2)
  if (hour === undefined || minute === undefined || second === undefined) return undefined
  if (text[13] !== ':' || text[16] !== ':' || hour > 24 || minute > 59 || second > 59) return undefined

  const fractionEnd = endOfFraction(text, 19)
  const offset = fractionEnd === undefined ? undefined : zoneMinutes(text, fractionEnd)
  if (fractionEnd === undefined || offset === undefined) return undefined
  if (hour === 24 && (minute !== 0 || second !== 0 || !allZero(text, 20, fractionEnd))) return undefined

  const minutes = (daysSince1970(year, month, day) * 24 + hour) * 60 + minute - offset
  return (minutes * 60 + second) * 1000 + milliseconds(text, 20, fractionEnd)
}

/**
 * The later of two dateTimes, as its text; `at` if they are equal or `previous` is not a dateTime. A clock may be set
 * back, but `meta.lastModified` must not: a client that requests changes since a time would miss the change.
 */
export function notBefore(previous: string, at: string): string {
  return (instantOf(previous) ?? Number.NEGATIVE_INFINITY) > (instantOf(at) ?? Number.POSITIVE_INFINITY) ? previous : at
}

function digits(text: string, from: number, count: number): number | undefined {
  let value = 0
  for (let i = from; i < from + count; i++) {
    if (!isDigit(text.charCodeAt(i))) return undefined
    value = value * 10 + text.charCodeAt(i) - 0x30
  }
  return value
}

function endOfFraction(text: string, at: number): number | undefined {
  if (text[at] !== '.') return at
  let end = at + 1
  while (isDigit(text.charCodeAt(end))) end++
  return end === at + 1 ? undefined : end
}

function allZero(text: string, from: number, end: number): boolean {
  for (let i = from; i < end; i++) if (text[i] !== '0') return false
  return true
}

function milliseconds(text: string, from: number, end: number): number {
  let value = 0
  for (let i = from; i < from + 3; i++) value = value * 10 + (i < end ? text.charCodeAt(i) - 0x30 : 0)
  return value
}

// `Z`, `+hh:mm`, `-hh:mm` up to 14:00, or nothing, and then the end of the text.
function zoneMinutes(text: string, at: number): number | undefined {
  if (text.length === at) return 0
  if (text[at] === 'Z') return text.length === at + 1 ? 0 : undefined
  const sign = text[at] === '+' ? 1 : text[at] === '-' ? -1 : undefined
  const hours = digits(text, at + 1, 2)
  const minutes = digits(text, at + 4, 2)
  if (sign === undefined || hours === undefined || minutes === undefined) return undefined
  if (text[at + 3] !== ':' || text.length !== at + 6 || minutes > 59 || hours * 60 + minutes > 14 * 60) return undefined
  return sign * (hours * 60 + minutes)
}

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

// Date.UTC takes the years 0 to 99 for 1900 to 1999, so the days are counted here.
function daysSince1970(year: number, month: number, day: number): number {
  // Counting from March puts the leap day at the end of the year.
  const marchYear = month > 2 ? year : year - 1
  const marchMonth = month > 2 ? month - 3 : month + 9
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400)
  return marchYear * 365 + leapDays + Math.floor((marchMonth * 153 + 2) / 5) + day - 1 - 719_468
}
