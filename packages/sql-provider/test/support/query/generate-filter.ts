/** Generates filters as SCIM text, over every attribute, operator and form; they often have matches. */
import type { SeededRandom } from '../../../../testkit/src/seeded-random.js'
import { numbers, texts, times } from './nasty-values.js'
import { enterprise, type TypeName } from './types.js'

/** Values of the generated data that no fixed list can contain. */
export interface Known {
  readonly ids: readonly string[]
  /** Times in `meta`. */
  readonly instants: readonly string[]
  /** `meta.version` of some resources. */
  readonly versions: readonly string[]
}

type Kind = 'text' | 'id' | 'boolean' | 'number' | 'time' | 'instant' | 'version' | 'type' | 'emailType' | 'whole'

const meta: Readonly<Record<string, Kind>> = {
  id: 'id',
  'meta.created': 'instant',
  'meta.lastModified': 'instant',
  'meta.resourceType': 'type',
  'meta.version': 'version',
  'meta.location': 'text',
  meta: 'whole',
  schemas: 'text',
  externalId: 'text',
  displayName: 'text',
  'nobody.knows': 'text',
}
const attributes: Readonly<Record<TypeName, Readonly<Record<string, Kind>>>> = {
  User: {
    ...meta,
    userName: 'text',
    nickName: 'text',
    title: 'text',
    active: 'boolean',
    name: 'whole',
    'name.familyName': 'text',
    'name.givenName': 'text',
    emails: 'text',
    'emails.value': 'text',
    'emails.type': 'emailType',
    'emails.primary': 'boolean',
    'photos.value': 'text',
    groups: 'id',
    'groups.value': 'id',
    'groups.display': 'text',
    'groups.type': 'type',
    'groups.$ref': 'text',
    [enterprise]: 'whole',
    [`${enterprise}:department`]: 'text',
    [`${enterprise}:manager`]: 'id',
    [`${enterprise}:manager.value`]: 'id',
    [`${enterprise}:manager.displayName`]: 'text',
  },
  Group: {
    ...meta,
    members: 'id',
    'members.value': 'id',
    'members.type': 'type',
    'members.display': 'text',
    'members.$ref': 'text',
  },
  Device: {
    ...meta,
    serial: 'text',
    size: 'number',
    weight: 'number',
    bought: 'time',
    repaired: 'time',
    lost: 'boolean',
    tags: 'text',
    print: 'text',
  },
}

/** Paths that may have brackets, and the sub-attributes in the brackets. */
const bracketed: Readonly<Record<TypeName, Readonly<Record<string, Readonly<Record<string, Kind>>>>>> = {
  User: {
    emails: { value: 'text', type: 'emailType', primary: 'boolean', 'no-part': 'text' },
    groups: { value: 'id', display: 'text', type: 'type' },
    meta: { created: 'instant', lastModified: 'instant', version: 'version', resourceType: 'type' },
    name: { familyName: 'text', givenName: 'text' },
    schemas: { value: 'text' },
    userName: { value: 'text' },
    [`${enterprise}:manager`]: { value: 'id', displayName: 'text' },
  },
  Group: {
    members: { value: 'id', type: 'type', display: 'text' },
    meta: { created: 'instant', lastModified: 'instant' },
  },
  Device: {
    tags: { value: 'text' },
    repaired: { value: 'time' },
  },
}

/** Paths that a list can be sorted by. */
export const sortPaths: Readonly<Record<TypeName, readonly string[]>> = {
  User: Object.keys(attributes.User).filter((path) => !['name', 'meta', 'nobody.knows', enterprise].includes(path)),
  Group: Object.keys(attributes.Group).filter((path) => !['meta', 'nobody.knows'].includes(path)),
  Device: Object.keys(attributes.Device).filter((path) => !['meta', 'nobody.knows'].includes(path)),
}

/** A filter of at most so many levels of `and`, `or` and `not`. */
export function generateFilter(random: SeededRandom, type: TypeName, known: Known, levels: number): string {
  if (levels === 0 || random.oneIn(3)) return term(random, type, known)
  const left = generateFilter(random, type, known, levels - 1)
  if (random.oneIn(4)) return `not (${left})`
  const right = generateFilter(random, type, known, levels - 1)
  return random.oneIn(2) ? `(${left}) and (${right})` : `(${left}) or (${right})`
}

function term(random: SeededRandom, type: TypeName, known: Known): string {
  if (random.oneIn(4)) {
    const [path, parts] = random.pick(Object.entries(bracketed[type]))
    return `${path}[${inBrackets(random, parts, known, 1)}]`
  }
  // Indexed attributes are chosen more often, because most errors are possible with them.
  const [path, kind] = random.oneIn(3) ? often(random, type) : random.pick(Object.entries(attributes[type]))
  return simple(random, path, kind, known)
}

function often(random: SeededRandom, type: TypeName): readonly [string, Kind] {
  const paths = { User: ['userName', 'externalId'], Group: ['displayName', 'members'], Device: ['serial', 'bought'] }
  const path = random.pick(paths[type])
  return [path, attributes[type][path] ?? 'text']
}

function inBrackets(random: SeededRandom, parts: Readonly<Record<string, Kind>>, known: Known, levels: number): string {
  if (levels > 0 && random.oneIn(2)) {
    const [left, right] = [inBrackets(random, parts, known, 0), inBrackets(random, parts, known, 0)]
    return random.oneIn(4) ? `not (${left})` : `${left} ${random.pick(['and', 'or'])} ${right}`
  }
  const [part, kind] = random.pick(Object.entries(parts))
  return simple(random, part, kind, known)
}

function simple(random: SeededRandom, path: string, kind: Kind, known: Known): string {
  const roll = random.below(12)
  if (roll === 0 || kind === 'whole') return `${path} ${random.pick(['pr', 'eq null', 'ne null'])}`
  if (roll === 1) return `${path} pr`
  const operator = random.pick(operators(kind))
  return `${path} ${operator} ${literal(random, kind, operator, known)}`
}

function operators(kind: Kind): readonly string[] {
  if (kind === 'boolean') return ['eq', 'ne']
  const order = ['eq', 'eq', 'ne', 'gt', 'ge', 'lt', 'le']
  return kind === 'number' ? order : [...order, 'co', 'sw', 'sw', 'ew']
}

function literal(random: SeededRandom, kind: Kind, operator: string, known: Known): string {
  if (kind === 'boolean') return random.pick(['true', 'false'])
  if (kind === 'number') return String(random.pick(numbers))
  const whole = random.pick(valuesOf(kind, known))
  return JSON.stringify(
    operator === 'co' || operator === 'sw' || operator === 'ew' ? part(random, whole, operator) : whole,
  )
}

function valuesOf(kind: Kind, { ids, instants, versions }: Known): readonly string[] {
  switch (kind) {
    case 'id':
      return ids
    case 'time':
      return times
    case 'instant':
      return instants
    case 'version':
      return versions
    case 'type':
      return ['User', 'Group', 'Device', 'direct', 'indirect', 'user']
    case 'emailType':
      return ['work', 'WORK', 'home', '']
    default:
      return texts
  }
}

function part(random: SeededRandom, whole: string, operator: string): string {
  const characters = Array.from(whole)
  const length = random.below(4)
  if (operator === 'sw') return characters.slice(0, length + (random.oneIn(3) ? 60 : 0)).join('')
  if (operator === 'ew') return length === 0 ? '' : characters.slice(-length).join('')
  return characters.slice(random.below(3)).slice(0, length).join('')
}
