/** Attribute masks of a decision, compiled to the resource type as the caller may use it. */
import type { Engine } from '../engine/engine.js'
import type { Allowed, AttributeMask } from '../operation-types/authorize.js'
import { undecided } from '../operation-types/decide.js'
import type { Attribute, ResourceType } from '../schema/attribute.js'
import { resolvePath } from '../schema/path.js'
import { isOfServer, type MissingRight, restrictType } from '../schema/restrict-type.js'

/** Resource types with the rights of a caller, by name. */
export type Rights = ReadonlyMap<string, ResourceType>

/**
 * The rights of a decision about an operation on this type; undefined if it limits nothing. Throws the 500 of a host
 * that has not decided for a mask that the type cannot have, or beside an operation without a type.
 */
export function rightsIn(
  engine: Pick<Engine, 'types'>,
  typeName: string | undefined,
  { readable, writable }: Allowed,
): Rights | undefined {
  if (readable === undefined && writable === undefined) return undefined
  const type = typeName === undefined ? undefined : engine.types.get(typeName)
  if (type === undefined) {
    throw undecided(new TypeError('options.authorize: readable and writable belong to operations on a resource type'))
  }
  const read = readable === undefined ? type : restrictedBy(type, 'unreadable', readable)
  const restricted = writable === undefined ? read : restrictedBy(read, 'unwritable', writable)
  return restricted === type ? undefined : new Map([[type.name, restricted]])
}

const nameOf: Readonly<Record<MissingRight, keyof Omit<Allowed, 'kind'>>> = {
  unreadable: 'readable',
  unwritable: 'writable',
}

type Compiled = WeakMap<ResourceType, WeakMap<AttributeMask, ResourceType>>

const compiled: Readonly<Record<MissingRight, Compiled>> = { unreadable: new WeakMap(), unwritable: new WeakMap() }

function restrictedBy(type: ResourceType, right: MissingRight, mask: AttributeMask): ResourceType {
  const ofType = compiled[right].get(type) ?? new WeakMap<AttributeMask, ResourceType>()
  const known = isRecord(mask) ? ofType.get(mask) : undefined
  if (known !== undefined) return known
  const restricted = restrictType(type, right, denialBy({ type, right, place: nameOf[right] }, mask))
  compiled[right].set(type, ofType.set(mask, restricted))
  return restricted
}

interface Compiling {
  readonly type: ResourceType
  readonly right: MissingRight
  /** The mask in the answer of the host, for messages. */
  readonly place: string
}

type Denial = (attribute: Attribute) => boolean

function denialBy(compiling: Compiling, mask: unknown): Denial {
  const { place } = compiling
  const [kind, another] = isRecord(mask) ? Reflect.ownKeys(mask) : []
  // Read once: a mask may have getters.
  const content: unknown = isRecord(mask) && typeof kind === 'string' && another === undefined ? mask[kind] : undefined
  if (!Array.isArray(content)) throw mistake(`${place}: expected one list, only, except, anyOf or allOf`)
  switch (kind) {
    case 'only':
    case 'except':
      return denialByPaths({ ...compiling, place: `${place}.${kind}` }, kind === 'only', content)
    case 'anyOf':
    case 'allOf': {
      const denials = content.map((one, i) => denialBy({ ...compiling, place: `${place}.${kind}[${i}]` }, one))
      return kind === 'anyOf'
        ? (attribute) => denials.every((isDenied) => isDenied(attribute))
        : (attribute) => denials.some((isDenied) => isDenied(attribute))
    }
    default:
      throw mistake(`${place}: expected only, except, anyOf or allOf`)
  }
}

function denialByPaths({ type, right, place }: Compiling, isOnly: boolean, paths: readonly unknown[]): Denial {
  const named = new Set<Attribute | string>()
  for (const [number, path] of paths.entries()) {
    const found = typeof path === 'string' ? namedBy(type, path) : undefined
    const reason = found === undefined ? `no attribute of ${type.name}` : unusable(found, right)
    if (found === undefined || reason !== undefined)
      throw mistake(`${place}[${number}]: ${JSON.stringify(path)} is ${reason}`)
    named.add(found)
  }
  const isNamed = (attribute: Attribute): boolean =>
    named.has(attribute) || named.has(attribute.schema) || (attribute.parent !== undefined && isNamed(attribute.parent))
  const isNamedInPart = (attribute: Attribute): boolean =>
    [...attribute.subAttributes.values()].some((part) => named.has(part))
  return (attribute) => (isOnly ? !isNamed(attribute) && !isNamedInPart(attribute) : isNamed(attribute))
}

function mistake(text: string): Error {
  return undecided(new TypeError(`options.authorize: ${text}`))
}

function namedBy(type: ResourceType, path: string): Attribute | string | undefined {
  const found = resolvePath(type, path, { bareExtensionNames: false, dottedUrns: false })
  return found?.sub ?? found?.attribute ?? found?.extension?.id
}

function unusable(named: Attribute | string, right: MissingRight): string | undefined {
  if (typeof named === 'string') return undefined
  if (isOfServer(named.parent ?? named)) return 'always readable and never writable'
  // Which element of the new list is which of the stored one is not defined, so a change of one part alone cannot be determined.
  if (right === 'unwritable' && named.parent?.multiValued === true) {
    return 'a part of a list: only the whole list can be writable or not'
  }
  return undefined
}

function isRecord(value: unknown): value is AttributeMask & Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
