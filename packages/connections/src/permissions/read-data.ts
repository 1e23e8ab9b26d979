/** Checks data about permissions. Data that is not understood is an error at start: it is neither ignored nor guessed. */
import type { AttributeMask } from '@scimkit/core'
import {
  builtInScopes,
  type Grant,
  type PermissionData,
  type PermissionRule,
  type PermittedOperation,
  permittedOperations,
} from './data.js'

/** Rules, by scope. */
export interface ReadPermissions {
  readonly scopes: ReadonlyMap<string, readonly PermissionRule[]>
  readonly withoutScopes: readonly PermissionRule[]
}

/** The rules in the data. Throws a TypeError that names the wrong place, such as `scopes.helpdesk[0].operations[1]`. */
export function readPermissions(data: PermissionData): ReadPermissions {
  const { roles, scopes, withoutScopes } = membersOf(data, 'permissions', ['roles', 'scopes', 'withoutScopes'])
  const rulesOf = new Map<string, readonly PermissionRule[]>()
  for (const [name, rules] of entriesOf(roles, 'roles')) {
    rulesOf.set(
      name,
      listOf(rules, `roles.${name}`).map((rule, i) => readRule(rule, `roles.${name}[${i}]`)),
    )
  }
  const read = new Map<string, readonly PermissionRule[]>(Object.entries(builtInScopes))
  for (const [name, grants] of entriesOf(scopes, 'scopes')) {
    if (!isScopeToken(name))
      throw wrong(
        `scopes: ${JSON.stringify(name)} is not a scope: expected visible ASCII without quotes and backslashes`,
      )
    read.set(name, readGrants(grants, `scopes.${name}`, rulesOf))
  }
  return { scopes: read, withoutScopes: readGrants(withoutScopes ?? [], 'withoutScopes', rulesOf) }
}

function readGrants(
  grants: unknown,
  place: string,
  roles: ReadonlyMap<string, readonly PermissionRule[]>,
): readonly PermissionRule[] {
  return listOf(grants, place).flatMap((grant: Grant | unknown, i): readonly PermissionRule[] => {
    if (typeof grant !== 'string') return [readRule(grant, `${place}[${i}]`)]
    const rules = roles.get(grant)
    if (rules === undefined) throw wrong(`${place}[${i}]: there is no role ${JSON.stringify(grant)}`)
    return rules
  })
}

function readRule(rule: unknown, place: string): PermissionRule {
  const { types, operations, readable, writable } = membersOf(rule, place, [
    'types',
    'operations',
    'readable',
    'writable',
  ])
  const hasMask = readable !== undefined || writable !== undefined
  const names = types === undefined ? undefined : listOf(types, `${place}.types`)
  for (const [i, name] of names?.entries() ?? []) {
    if (typeof name !== 'string' || name === '')
      throw wrong(`${place}.types[${i}]: expected the name of a resource type`)
  }
  // The paths of a mask are those of one type.
  if (hasMask && names?.length !== 1) throw wrong(`${place}: a rule with readable or writable needs one type in types`)
  const known: readonly unknown[] = permittedOperations
  const kinds = operations === undefined ? undefined : listOf(operations, `${place}.operations`)
  for (const [i, name] of kinds?.entries() ?? []) {
    if (!known.includes(name)) {
      throw wrong(`${place}.operations[${i}]: expected one of ${permittedOperations.join(', ')}`)
    }
  }
  return {
    ...(names !== undefined && { types: names as readonly string[] }),
    ...(kinds !== undefined && { operations: kinds as readonly PermittedOperation[] }),
    ...(readable !== undefined && { readable: readMask(readable, `${place}.readable`) }),
    ...(writable !== undefined && { writable: readMask(writable, `${place}.writable`) }),
  }
}

function readMask(mask: unknown, place: string): AttributeMask {
  const { only, except, anyOf, allOf } = membersOf(mask, place, ['only', 'except', 'anyOf', 'allOf'])
  const given = [only, except, anyOf, allOf].filter((one) => one !== undefined)
  if (given.length !== 1) throw wrong(`${place}: expected either only, except, anyOf or allOf`)
  if (only !== undefined) return { only: pathsIn(only, `${place}.only`) }
  if (except !== undefined) return { except: pathsIn(except, `${place}.except`) }
  const masks = (list: unknown, at: string): readonly AttributeMask[] =>
    listOf(list, at).map((one, i) => readMask(one, `${at}[${i}]`))
  if (anyOf !== undefined) return { anyOf: masks(anyOf, `${place}.anyOf`) }
  return { allOf: masks(allOf, `${place}.allOf`) }
}

function pathsIn(list: unknown, place: string): readonly string[] {
  return listOf(list, place).map((path, i) => {
    if (typeof path === 'string' && path !== '') return path
    throw wrong(`${place}[${i}]: expected the path of an attribute`)
  })
}

function membersOf<Name extends string>(
  value: unknown,
  place: string,
  names: readonly Name[],
): { readonly [Each in Name]?: unknown } {
  if (!isRecord(value)) throw wrong(`${place}: expected an object`)
  const unknown = Object.keys(value).find((name) => !(names as readonly string[]).includes(name))
  if (unknown !== undefined)
    throw wrong(`${place}: unknown member ${JSON.stringify(unknown)}; known are ${names.join(', ')}`)
  // A member that is present and has no value is one that has not been found: it must not mean the default.
  const empty = Object.keys(value).find((name) => value[name] === undefined || value[name] === null)
  if (empty !== undefined) throw wrong(`${place}.${empty}: expected a value`)
  return value as { readonly [Each in Name]?: unknown }
}

function entriesOf(value: unknown, place: string): readonly (readonly [string, unknown])[] {
  if (value === undefined) return []
  if (!isRecord(value)) throw wrong(`${place}: expected an object`)
  return Object.entries(value)
}

function listOf(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrong(`${place}: expected a list`)
  return value
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
function isScopeToken(name: string): boolean {
  return name !== '' && [...name].every((c) => c > ' ' && c <= '~' && c !== '"' && c !== '\\')
}

function wrong(text: string): TypeError {
  return new TypeError(`permissions: ${text}`)
}
