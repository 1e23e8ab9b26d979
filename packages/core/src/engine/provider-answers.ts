/**
 * Checks of the values that a provider returns. Types do not bind a host without TypeScript, nor a row of a driver: a
 * write without its version would be acknowledged without a tag. A few properties are checked, nothing is copied.
 */
import { isVersionText } from '../versioning/version.js'

/** The rule that a value breaks, in the words of an error; undefined for a valid value. */
export type Rule = (value: unknown) => string | undefined

const versionForm = 'a text of 1 to 256 visible ASCII characters without a double quote'

/** Of `read`. */
export const storedOrNothing: Rule = (value) =>
  value === undefined ? undefined : isRecord(value) ? storedRule(value) : `expected undefined or ${stored}`

const stored = '{ ref, version, created, lastModified, resource | json }'

function storedRule(value: Fields): string | undefined {
  const { ref, version, created, lastModified, members } = value
  if (!isRecord(ref) || !isText(ref.type) || !isText(ref.id)) return 'expected ref: { type, id }, two texts'
  if (!isVersion(version)) return `expected version: ${versionForm}`
  if (typeof created !== 'string' || typeof lastModified !== 'string') {
    return 'expected created and lastModified: RFC 3339 texts'
  }
  if (!hasDocument(value)) return 'expected resource: an object, or json: the text of one'
  return members === undefined || Array.isArray(members) ? undefined : 'expected members: an array, or none'
}

function hasDocument(value: Fields): boolean {
  if ('resource' in value) return isRecord(value.resource)
  return typeof value.json === 'string'
}

/** Of `query`. `isKeyset`: a keyset page was requested, whose total may be missing. */
export function page(value: unknown, isKeyset: boolean): string | undefined {
  if (!isRecord(value)) return 'expected { resources, totalResults, next? }'
  const { resources, totalResults, next } = value
  if (!Array.isArray(resources)) return 'expected resources: an array'
  const isTotal = Number.isSafeInteger(totalResults) && Number(totalResults) >= 0
  if (!isTotal && !(isKeyset && totalResults === undefined)) return 'expected totalResults: a whole number'
  if (next !== undefined && typeof next !== 'string') return 'expected next: a text, or none'
  for (const [i, one] of resources.entries()) {
    const broken = isRecord(one) ? storedRule(one) : `expected ${stored}`
    if (broken !== undefined) return `in resources[${i}]: ${broken}`
  }
  return undefined
}

/** Of `insert`, `replace` and `remove`. `brings`: the rule for the value of a success. */
export function conditional(value: unknown, kinds: string, brings: Rule): string | undefined {
  if (!isRecord(value)) return `expected { kind: ${kinds} }`
  switch (value.kind) {
    case 'success':
      return brings(value.value)
    case 'versionMismatch':
      return isVersion(value.current) ? undefined : `expected current, the current version: ${versionForm}`
    case 'notFound':
      return undefined
    case 'duplicate':
      return isText(value.attribute) ? undefined : 'expected attribute: the path of the attribute that is taken'
    case 'unknownMembers':
      return Array.isArray(value.ids) ? undefined : 'expected ids: an array of the ids that no resource has'
    case 'overQuota':
      return kinds.includes("'overQuota'") ? undefined : `expected { kind: ${kinds} }`
    default:
      return `expected { kind: ${kinds} }`
  }
}

/** The value of an `insert` or `replace` that succeeded. */
export const written: Rule = (value) => {
  if (!isRecord(value)) return 'expected value: { version, at }'
  if (!isVersion(value.version)) return `expected value.version: ${versionForm}`
  if (typeof value.at !== 'string') return 'expected value.at: an RFC 3339 text'
  return value.id === undefined || isText(value.id) ? undefined : 'expected value.id: a text, or none'
}

/** The value of a `remove` that succeeded. */
export const removed: Rule = (value) => {
  const isAffected = (one: unknown): boolean =>
    isRecord(one) && isRecord(one.ref) && isText(one.ref.type) && isText(one.ref.id) && isVersion(one.version)
  if (isRecord(value) && Array.isArray(value.affected) && value.affected.every(isAffected)) return undefined
  return 'expected value: { affected: [{ ref, version }] }, the groups that lost the resource as a member'
}

/** Of `willRead`. */
export const anything: Rule = () => undefined

/** Of `history`. */
export const changes: Rule = (value) => {
  if (!Array.isArray(value)) return 'expected an array of { version, previous, at, changed }'
  const isChange = (one: unknown): boolean => isRecord(one) && isVersion(one.version) && Array.isArray(one.changed)
  return value.every(isChange) ? undefined : 'expected in each entry version, a text, and changed, an array of names'
}

/** Of `cursorKey`; its length is checked where it is used. */
export const key: Rule = (value) =>
  typeof value === 'string' || value instanceof Uint8Array || Array.isArray(value)
    ? undefined
    : 'expected a secret text of at least 32 characters'

type Fields = Readonly<Record<string, unknown>>

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isVersion(value: unknown): boolean {
  return typeof value === 'string' && isVersionText(value)
}
