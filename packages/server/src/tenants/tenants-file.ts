/** The file of `--tenants`: the tenants of a server, their settings, and their static tokens by SHA-256. */
import type { PermissionData } from '@scimkit/connections'
import {
  type Authorizer,
  defaultLimits,
  groupType,
  type ResourceTypeDefinition,
  type TenantSettings,
  tenantId,
  userType,
} from '@scimkit/core'
import { parseJson } from '@scimkit/core/json'
import { parseInterop } from '../command/interop-flag.js'

/** A static token of a tenant. */
export interface FileToken {
  /** SHA-256 of the token, 64 hexadecimal digits in lower case. */
  readonly digest: string
  readonly scopes: readonly string[]
  /** Names the caller in events: `token NAME`. */
  readonly name: string
}

/** A tenant of the file. */
export interface FileTenant {
  readonly settings: TenantSettings
  readonly tokens: readonly FileToken[]
}

/** The tenants of a file, by name. */
export type FileTenants = ReadonlyMap<string, FileTenant>

/** Parses the data under `permissions` of a tenant. Throws a TypeError. */
export type ParsePermissions = (data: PermissionData) => Authorizer

const types: Readonly<Record<string, ResourceTypeDefinition>> = { User: userType, Group: groupType }
// One list for each choice: the core compiles a list once, for all of its tenants.
const typeLists = new Map<string, readonly ResourceTypeDefinition[]>()

const settingNames = ['interop', 'limits', 'quotas', 'requireIfMatch', 'resourceTypes', 'baseUrl', 'rate']
const tenantNames = [...settingNames, 'permissions', 'tokens']

/** The tenants in the text of a file. Throws a TypeError that names the place in the file. */
export function parseTenants(text: string, parsePermissions: ParsePermissions): FileTenants {
  const file = objectAt(parsedJson(text), 'the file')
  checkNames(file, ['tenants'], 'the file')
  const tenants = objectAt(file.tenants, 'tenants')
  const digests = new Map<string, string>()
  const authorizers = new Map<string, Authorizer>()
  // Tenants with the same permissions share what is compiled of them.
  const shared: ParsePermissions = (data) => {
    const key = JSON.stringify(data)
    const authorizer = authorizers.get(key) ?? parsePermissions(data)
    authorizers.set(key, authorizer)
    return authorizer
  }
  return new Map(
    Object.entries(tenants).map(([name, data]) => {
      const place = `tenants.${name}`
      at(place, () => tenantId(name))
      const tenant = at(place, () => tenantFrom(data, place, shared))
      for (const { digest } of tenant.tokens) {
        const other = digests.get(digest)
        if (other !== undefined) throw new TypeError(`${place}.tokens: the tenant ${other} has the same token`)
        digests.set(digest, name)
      }
      return [name, tenant]
    }),
  )
}

function tenantFrom(data: unknown, place: string, parsePermissions: ParsePermissions): FileTenant {
  const given = objectAt(data, place)
  checkNames(given, tenantNames, place)
  const { interop, resourceTypes, permissions, tokens = [], ...rest } = given
  const authorize =
    permissions === undefined
      ? undefined
      : at(`${place}.permissions`, () => parsePermissions(permissions as PermissionData))
  for (const name of ['limits', 'quotas', 'rate']) {
    if (given[name] !== undefined) objectAt(given[name], `${place}.${name}`)
  }
  const { requireIfMatch, baseUrl } = given
  if (requireIfMatch !== undefined && typeof requireIfMatch !== 'string')
    objectAt(requireIfMatch, `${place}.requireIfMatch`)
  if (baseUrl !== undefined && typeof baseUrl !== 'string') throw new TypeError(`${place}.baseUrl: expected a URL`)
  // The core checks the rest, with its own errors.
  const settings: TenantSettings = {
    ...rest,
    ...(interop !== undefined && {
      interop: typeof interop === 'string' ? parseInterop(interop) : objectAt(interop, `${place}.interop`),
    }),
    ...(resourceTypes !== undefined && { resourceTypes: typesFrom(resourceTypes, place) }),
    ...(authorize !== undefined && { authorize }),
  }
  return {
    settings,
    tokens: listAt(tokens, `${place}.tokens`).map((token, i) => tokenFrom(token, `${place}.tokens[${i}]`)),
  }
}

function typesFrom(names: unknown, place: string): readonly ResourceTypeDefinition[] {
  const list = listAt(names, `${place}.resourceTypes`).map((name) => {
    const type = typeof name === 'string' && Object.hasOwn(types, name) ? types[name] : undefined
    if (type === undefined)
      throw new TypeError(`${place}.resourceTypes: expected names of ${Object.keys(types).join(', ')}`)
    return type
  })
  const key = list.map(({ name }) => name).join()
  const known = typeLists.get(key)
  if (known !== undefined) return known
  typeLists.set(key, list)
  return list
}

function tokenFrom(data: unknown, place: string): FileToken {
  const token = objectAt(data, place)
  checkNames(token, ['sha256', 'scopes', 'name'], place)
  const { sha256, scopes = ['scim'], name } = token
  const digest = typeof sha256 === 'string' ? sha256.toLowerCase() : ''
  if (digest.length !== 64 || ![...digest].every((digit) => '0123456789abcdef'.includes(digit))) {
    throw new TypeError(
      `${place}.sha256: expected the SHA-256 of a token, 64 hexadecimal digits (printf %s "$TOKEN" | sha256sum)`,
    )
  }
  if (digest === emptyDigest) throw new TypeError(`${place}.sha256: this is the SHA-256 of an empty token`)
  const names = listAt(scopes, `${place}.scopes`)
  const isScopes = names.length > 0 && names.every((scope) => typeof scope === 'string' && scope !== '')
  if (!isScopes) throw new TypeError(`${place}.scopes: expected a list of names, such as ["scim"] or ["scim.read"]`)
  if (typeof name !== 'string' || name === '')
    throw new TypeError(`${place}.name: expected a name for the log, such as "okta"`)
  return { digest, scopes: names as readonly string[], name }
}

const emptyDigest = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

// Not JSON.parse: of a tenant that is there twice it would keep the last one.
function parsedJson(text: string): unknown {
  try {
    return parseJson(text, fileLimits)
  } catch (error) {
    throw new TypeError(
      `the file is not JSON, or has a name twice: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

const most = 10_000_000
const fileLimits = { ...defaultLimits, objectKeys: most, arrayLength: most, jsonValues: most }

function objectAt(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`${place}: expected an object`)
  return value as Readonly<Record<string, unknown>>
}

function listAt(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`${place}: expected a list`)
  return value
}

function checkNames(value: Readonly<Record<string, unknown>>, known: readonly string[], place: string): void {
  const unknown = Object.keys(value).find((name) => !known.includes(name))
  if (unknown !== undefined) throw new TypeError(`${place}: unknown name "${unknown}"; known are ${known.join(', ')}`)
}

/** Adds the place to the error of another parser. */
function at<Value>(place: string, parse: () => Value): Value {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof TypeError) || error.message.startsWith('tenants.')) throw error
    throw new TypeError(`${place}: ${error.message}`)
  }
}
