/** The tenants of a file, read again when the file has changed. */
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import {
  type Access,
  type Authenticator,
  bearerCredentials,
  bearerScheme,
  type TenantSettings,
  type TenantSettingsSource,
  tenantId,
} from '@scimkit/core'
import { cannotUse } from '../startup-error.js'
import { type FileTenants, type ParsePermissions, parseTenants } from './tenants-file.js'

/** The inputs of {@link watchTenants}. */
export interface WatchedFile {
  readonly path: string
  readonly parsePermissions: ParsePermissions
  /** Throws a TypeError for settings that the server cannot use. */
  check(settings: TenantSettings): void
  /** A line for the operator: the file was read again, or has an error. */
  say(line: string): void
  /** Milliseconds between two looks at the file. Default 500. */
  readonly interval?: number
}

/** The tenants of a file. */
export interface WatchedTenants {
  readonly settings: TenantSettingsSource
  /** Accepts the static tokens of the file. */
  readonly authenticate: Authenticator
  /** Whether the file has this tenant. */
  has(tenant: string): boolean
  stop(): void
}

interface Loaded {
  readonly tenants: FileTenants
  readonly tokens: ReadonlyMap<string, Access>
}

/**
 * Reads the file, and reads it again when it changes. A file with an error changes nothing: the settings before it stay
 * in force, and the error goes to `say`. Throws a StartupError if the first reading fails.
 */
export function watchTenants({ path, parsePermissions, check, say, interval = 500 }: WatchedFile): WatchedTenants {
  let text = ''
  let loaded: Loaded = { tenants: new Map(), tokens: new Map() }
  let state = ''
  const load = (): void => {
    // Before the content: a change after it is found at the next look.
    const { mtimeNs, ctimeNs, size, ino } = statSync(path, { bigint: true })
    const now = [mtimeNs, ctimeNs, size, ino].join()
    if (now === state) return
    const next = readFileSync(path, 'utf8')
    // Not earlier: a file that could not be read is read at the next look. One with an error is not.
    state = now
    if (next === text) return
    const tenants = parseTenants(next, parsePermissions)
    for (const [name, { settings }] of tenants) checked(name, settings, check)
    loaded = { tenants: unchanged(tenants, loaded.tenants, text, next), tokens: tokensOf(tenants) }
    text = next
  }
  try {
    load()
  } catch (error) {
    throw cannotUse(path, error)
  }
  let reported = ''
  const reload = (): void => {
    const before = text
    try {
      load()
      reported = ''
      if (text !== before) say(`tenants: read ${path} again, ${loaded.tenants.size} tenants`)
    } catch (error) {
      const line = `tenants: ${path} has an error and is not used; the settings before it stay in force: ${String(error)}`
      if (line !== reported) say(line)
      reported = line
    }
  }
  const timer = setInterval(reload, interval)
  timer.unref()
  return {
    settings: (tenant) => loaded.tenants.get(tenant)?.settings,
    authenticate: Object.assign(
      ((request) => {
        const sent = bearerCredentials(request.header('authorization'))
        return sent === undefined ? undefined : loaded.tokens.get(createHash('sha256').update(sent).digest('hex'))
      }) satisfies Authenticator,
      { schemes: [bearerScheme] },
    ),
    has: (tenant) => loaded.tenants.has(tenant),
    stop: () => clearInterval(timer),
  }
}

function checked(name: string, settings: TenantSettings, check: WatchedFile['check']): void {
  try {
    check(settings)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new TypeError(`tenants.${name}: ${error.message}`)
  }
}

// The core keeps what it has compiled of an object: tenants that did not change keep theirs.
function unchanged(next: FileTenants, before: FileTenants, oldText: string, newText: string): FileTenants {
  const [was, is] = [dataOf(oldText), dataOf(newText)]
  return new Map(
    [...next].map(([name, tenant]) => {
      const kept = before.get(name)
      const isSame = kept !== undefined && JSON.stringify(was[name]) === JSON.stringify(is[name])
      return [name, isSame ? kept : tenant]
    }),
  )
}

function dataOf(text: string): Readonly<Record<string, unknown>> {
  return text === '' ? {} : (JSON.parse(text) as { readonly tenants: Readonly<Record<string, unknown>> }).tenants
}

// Compared by digest: an attacker cannot choose digests, so a map reveals nothing by its time.
function tokensOf(tenants: FileTenants): ReadonlyMap<string, Access> {
  return new Map(
    [...tenants].flatMap(([name, { tokens }]) =>
      tokens.map(({ digest, scopes, name: token }) => [
        digest,
        { tenant: tenantId(name), principal: `token ${token}`, scopes },
      ]),
    ),
  )
}
