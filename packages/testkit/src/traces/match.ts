import { isEqual, isRecord, isUnassigned, shown } from './json.js'

/** Returns undefined if the value satisfies the matcher, else a description of the expected value. */
type Matcher = (actual: unknown, wanted: unknown, path: string) => string | undefined

const matchers: Readonly<Record<string, Matcher>> = {
  $any: (actual, wanted) => expected(isUnassigned(actual) !== wanted, wanted === true ? 'any value' : 'no value'),
  $type: (actual, wanted) =>
    expected(typeName(actual) === wanted || (wanted === 'number' && typeof actual === 'number'), `type ${wanted}`),
  $regex: (actual, wanted) =>
    expected(typeof actual === 'string' && new RegExp(String(wanted)).test(actual), `a string matching /${wanted}/`),
  $ieq: (actual, wanted) =>
    expected(
      typeof actual === 'string' && actual.toLowerCase() === String(wanted).toLowerCase(),
      `${shown(wanted)} in any letter case`,
    ),
  $ne: (actual, wanted) => expected(!isEqual(actual, wanted), `anything but ${shown(wanted)}`),
  $gte: (actual, wanted) => expected(typeof actual === 'number' && actual >= Number(wanted), `a number >= ${wanted}`),
  $lte: (actual, wanted) => expected(typeof actual === 'number' && actual <= Number(wanted), `a number <= ${wanted}`),
  $size: (actual, wanted) =>
    expected(
      Array.isArray(actual) ? actual.length === wanted : wanted === 0 && isUnassigned(actual),
      `an array of ${wanted} element(s)`,
    ),
  $minSize: (actual, wanted) =>
    expected(Array.isArray(actual) && actual.length >= Number(wanted), `an array of at least ${wanted} element(s)`),
  $exact: (actual, wanted) => expected(isEqual(actual, wanted), `exactly ${shown(wanted)}`),
  $oneOf: (actual, wanted, path) =>
    expected(
      Array.isArray(wanted) && wanted.some((one) => difference(actual, one, path) === undefined),
      `one of ${shown(wanted)}`,
    ),
}

/**
 * The first place where `actual` does not contain `wanted`, or undefined. Keys not mentioned are ignored; each array element
 * mentioned must match a different element, in any order; scalars must be equal, type included. Objects with `$…`
 * keys are matchers; an unknown matcher throws, because a trace that checks nothing must not pass.
 */
export function difference(actual: unknown, wanted: unknown, path = ''): string | undefined {
  const where = path === '' ? '/' : path
  if (Array.isArray(wanted)) return arrayDifference(actual, wanted, path)
  if (!isRecord(wanted)) {
    return isEqual(actual, wanted) ? undefined : `${where}: expected ${shown(wanted)}, got ${shown(actual)}`
  }
  if (Object.keys(wanted).some(isMatcherName)) return matcherDifference(actual, wanted, path)
  if (!isRecord(actual)) return `${where}: expected an object, got ${shown(actual)}`
  for (const [name, value] of Object.entries(wanted)) {
    const own = Object.hasOwn(actual, name) ? actual[name] : undefined
    const why = difference(own, value, `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    if (why !== undefined) return why
  }
  return undefined
}

function matcherDifference(
  actual: unknown,
  wanted: Readonly<Record<string, unknown>>,
  path: string,
): string | undefined {
  for (const [name, value] of Object.entries(wanted)) {
    if (name === '$contains') {
      const why = difference(actual, value, path)
      if (why !== undefined) return why
      continue
    }
    const matcher = Object.hasOwn(matchers, name) ? matchers[name] : undefined
    if (matcher === undefined) throw new Error(`unknown matcher in the trace: ${name}`)
    const phrase = matcher(actual, value, path)
    if (phrase !== undefined) return `${path === '' ? '/' : path}: expected ${phrase}, got ${shown(actual)}`
  }
  return undefined
}

function arrayDifference(actual: unknown, wanted: readonly unknown[], path: string): string | undefined {
  const where = path === '' ? '/' : path
  if (!Array.isArray(actual)) return `${where}: expected an array, got ${shown(actual)}`
  if (assign(actual, wanted, path, 0, new Set())) return undefined
  const missing = wanted.find((one) => !actual.some((element) => difference(element, one, path) === undefined))
  return `${where}: no element matches ${shown(missing ?? wanted)} in ${shown(actual)}`
}

// Two wanted elements must not match the same element, so every assignment is tried.
function assign(
  actual: readonly unknown[],
  wanted: readonly unknown[],
  path: string,
  from: number,
  used: Set<number>,
): boolean {
  if (from === wanted.length) return true
  return actual.some((element, i) => {
    if (used.has(i) || difference(element, wanted[from], `${path}/${i}`) !== undefined) return false
    used.add(i)
    if (assign(actual, wanted, path, from + 1, used)) return true
    used.delete(i)
    return false
  })
}

// `$ref` is an attribute of SCIM, not a matcher.
const isMatcherName = (name: string): boolean => name.startsWith('$') && name !== '$ref'

const expected = (isMatch: boolean, phrase: string): string | undefined => (isMatch ? undefined : phrase)

function typeName(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}
