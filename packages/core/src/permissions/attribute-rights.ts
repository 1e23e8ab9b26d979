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
  const { isOnly, named } = selectionOf(type, right, mask)
  const isNamed = (attribute: Attribute): boolean =>
    named.has(attribute) || named.has(attribute.schema) || (attribute.parent !== undefined && isNamed(attribute.parent))
  const isNamedInPart = (attribute: Attribute): boolean =>
    [...attribute.subAttributes.values()].some((part) => named.has(part))
  const isDenied = (attribute: Attribute): boolean =>
    isOnly ? !isNamed(attribute) && !isNamedInPart(attribute) : isNamed(attribute)
  const restricted = restrictType(type, right, isDenied)
  compiled[right].set(type, ofType.set(mask, restricted))
  return restricted
}

interface Selection {
  readonly isOnly: boolean
  /** Attributes, parts of attributes, and the URNs of extensions. */
  readonly named: ReadonlySet<Attribute | string>
}

function selectionOf(type: ResourceType, right: MissingRight, mask: unknown): Selection {
  const about = `options.authorize: ${nameOf[right]}`
  const expected = () => undecided(new TypeError(`${about}: expected { only: [paths] } or { except: [paths] }`))
  if (!isRecord(mask)) throw expected()
  const [kind, another] = Reflect.ownKeys(mask)
  if ((kind !== 'only' && kind !== 'except') || another !== undefined) throw expected()
  const paths: unknown = mask[kind]
  if (!Array.isArray(paths)) throw expected()
  const named = new Set<Attribute | string>()
  for (const [place, path] of paths.entries()) {
    const found = typeof path === 'string' ? namedBy(type, path) : undefined
    const reason = found === undefined ? `no attribute of ${type.name}` : unusable(found, right)
    if (found === undefined || reason !== undefined) {
      throw undecided(new TypeError(`${about}.${kind}[${place}]: ${JSON.stringify(path)} is ${reason}`))
    }
    named.add(found)
  }
  return { isOnly: kind === 'only', named }
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
