import type { Rate } from '@scimkit/core'

/** The value of `--rate-limit`: a rate, or no rate limit. */
export type ChosenRate = Rate | 'off'

/** Parses `50/200` (requests per second, burst) or `off`. Throws a TypeError for anything else. */
export function parseRate(text: string): ChosenRate {
  if (text === 'off') return text
  const slash = text.indexOf('/')
  const perSecond = Number(text.slice(0, slash))
  const burst = Number(text.slice(slash + 1))
  const isRate = slash > 0 && perSecond > 0 && perSecond <= 1_000_000 && Number.isSafeInteger(burst) && burst >= 1
  if (isRate) return { perSecond, burst }
  throw new TypeError('Expected requests per second and the most at once, such as 50/200, or off.')
}
