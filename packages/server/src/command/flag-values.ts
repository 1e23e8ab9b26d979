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

/** Parses `--base-path` to `` or `/scim/v2`. */
export function parseBasePath(text: string): string {
  const path = text.replace(/\/+$/, '')
  const probe = probePaths.find((one) => path === one || path.startsWith(`${one}/`))
  if (probe !== undefined) throw new InvalidArgumentError(`${probe} is the path of a probe; choose another path.`)
  // Characters without a special meaning in the router of any framework.
  if (path === '' || /^(\/[A-Za-z0-9._~-]+)+$/.test(path)) return path
  throw new InvalidArgumentError('Expected a path such as /scim/v2, with letters, digits and ._~- between slashes.')
}

/** Parses `--base-url`, without slash at the end. */
export function parseBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const plain = url !== undefined && url.search === '' && url.hash === '' && url.username === '' && url.password === ''
  if (plain && (url.protocol === 'https:' || url.protocol === 'http:')) return url.href.replace(/\/+$/, '')
  throw new InvalidArgumentError('Expected a URL such as https://app.example/scim/v2, without query and credentials.')
}

/** The result of a parser; its TypeError becomes an error of Commander, which names the flag and the value. */
export function orInvalid<Value>(parse: () => Value): Value {
  try {
    return parse()
  } catch (error) {
    throw error instanceof TypeError ? new InvalidArgumentError(error.message) : error
  }
}
