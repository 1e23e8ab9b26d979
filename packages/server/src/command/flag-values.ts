/** Parsers of the values of flags. Each throws an InvalidArgumentError, which Commander shows with the flag. */
import { InvalidArgumentError } from 'commander'
import { probePaths } from '../http/probes.js'

/** A parser of whole numbers in a range. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`)
  }
}

/**
 * Parses `--host`. With an empty address Node listens on every address: an unset variable must not make a server reachable
 * from the network.
 */
export function parseHost(text: string): string {
  if (text.trim() !== '') return text
  throw new InvalidArgumentError('The address is empty. Use 0.0.0.0 for every address of this machine.')
}

/** Parses `--base-path` to ``, `/scim/v2` or `/scim/:tenant/v2`. */
export function parseBasePath(text: string): string {
  const path = text.replace(/\/+$/, '')
  const probe = probePaths.find((one) => path === one || path.startsWith(`${one}/`))
  if (probe !== undefined) throw new InvalidArgumentError(`${probe} is the path of a probe; choose another path.`)
  // Characters without a special meaning in the router of any framework.
  if (path === '' || /^(\/(:tenant|[A-Za-z0-9._~-]+))+$/.test(path)) return path
  throw new InvalidArgumentError(
    'Expected a path such as /scim/v2 or /scim/:tenant/v2, with letters, digits and ._~- between slashes.',
  )
}

/** Parses `--base-url`, without slash at the end. */
export function parseBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const plain = url !== undefined && url.search === '' && url.hash === '' && url.username === '' && url.password === ''
  if (plain && (url.protocol === 'https:' || url.protocol === 'http:')) return url.href.replace(/\/+$/, '')
  throw new InvalidArgumentError('Expected a URL such as https://app.example/scim/v2, without query and credentials.')
}

const durations: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Parses a duration such as `90d`, `24h`, `30m` or `45s`, or `0`, to milliseconds. */
export function parseDuration(text: string): number {
  if (text === '0') return 0
  const unit = durations[text.slice(-1)]
  const digits = text.slice(0, -1)
  const isNumber = digits !== '' && digits.length <= 9 && [...digits].every((one) => one >= '0' && one <= '9')
  if (unit !== undefined && isNumber) return Number(digits) * unit
  throw new InvalidArgumentError('Expected a duration such as 90d, 24h, 30m or 45s.')
}

/** The result of a parser; its TypeError becomes an error of Commander, which names the flag and the value. */
export function orInvalid<Value>(parse: () => Value): Value {
  try {
    return parse()
  } catch (error) {
    throw error instanceof TypeError ? new InvalidArgumentError(error.message) : error
  }
}
