import { type TenantResolver, tenantFromHeader, tenantFromHost, tenantFromPath } from '@scimkit/core'
import { type Command, Option } from 'commander'
import type { StoreChoice } from '../store/store-choice.js'
import { orInvalid } from './flag-values.js'
import { type ChosenRate, parseRate } from './rate-limit-flag.js'

/** The flags of a server with several tenants. */
export interface TenantFlags {
  readonly tenants?: string
  readonly multiTenant: boolean
  readonly tenantHost?: string
  readonly tenantHeader?: string
  readonly rateLimit?: ChosenRate
  readonly rateLimitStore: 'memory' | 'postgres'
  readonly issuer?: string
}

/** Adds the flags of tenants to a command. */
export function addTenantFlags(command: Command): Command {
  return command
    .option(
      '--tenants <file>',
      'several tenants: a JSON file with their settings and tokens, read again when it changes; the tokens of their connections are accepted too',
    )
    .option(
      '--multi-tenant',
      'several tenants, whose tokens are those of the connections in the store, made by "scimkit connection create"',
      false,
    )
    .option('--tenant-host <pattern>', 'the host names the tenant, such as *.scim.example')
    .option('--tenant-header <name>', 'a header names the tenant, such as X-Tenant')
    .option(
      '--rate-limit <rate>',
      'requests per second of each tenant and the most at once, such as 50/200, or off (default: 50/200 with several tenants, else off)',
      (text: string) => orInvalid(() => parseRate(text)),
    )
    .addOption(
      new Option('--rate-limit-store <where>', 'count requests in this process, or for all processes in PostgreSQL')
        .choices(['memory', 'postgres'])
        .default('memory'),
    )
    .option(
      '--issuer <url>',
      'several tenants: serve an OAuth 2.0 token endpoint for this issuer, such as https://app.example/scim/:tenant',
    )
}

/** Ends the command with a usage error if the store excludes the rate limits or the tenants. */
export function checkRateLimit(flags: TenantFlags, store: StoreChoice, command: Command): void {
  const { rateLimit, rateLimitStore, tenants, multiTenant } = flags
  if (multiTenant && tenants === undefined && store.kind === 'memory') {
    command.error('error: --multi-tenant requires a database: connections are created by another process.')
  }
  if (rateLimitStore !== 'postgres') return
  if (rateLimit === undefined && tenants === undefined && !multiTenant) {
    command.error('error: --rate-limit-store requires --rate-limit: with one tenant there is no rate limit by default.')
  }
  if (rateLimit === 'off') command.error('error: --rate-limit-store postgres cannot be used with --rate-limit off.')
  if (store.kind !== 'postgres') command.error('error: --rate-limit-store postgres requires a PostgreSQL store.')
}

/** The tenants of a server. */
export interface TenantChoice {
  readonly kind: 'tenants'
  /** The file of tenants. Without it every tenant that has a connection is served. */
  readonly file: string | undefined
  /** The path of SCIM. */
  readonly basePath: string
  /** What names the tenant in a request; undefined: its token alone. */
  readonly resolver: TenantResolver | undefined
  readonly issuer: string | undefined
  /** The address of the SCIM root, with `:tenant`. Default: below the issuer. */
  readonly resource: string | undefined
}

/** The path of SCIM with several tenants, unless host or header names the tenant. */
const tenantBasePath = '/scim/:tenant/v2'

/** The flags of addresses that depend on the tenants. */
interface Addresses {
  readonly basePath?: string
  readonly baseUrl?: string
}

/** The tenants that the flags select; undefined for one tenant. Ends the command with a usage error if flags exclude each other. */
export function chosenTenants(flags: TenantFlags & Addresses, command: Command): TenantChoice | undefined {
  const { tenants, multiTenant, tenantHost, tenantHeader, issuer, basePath } = flags
  const several = tenants !== undefined || multiTenant
  const names = parametersOf(basePath ?? (several ? tenantBasePath : ''))
  if (!several) {
    const alone = { '--tenant-host': tenantHost, '--tenant-header': tenantHeader, '--issuer': issuer }
    const [flag] = Object.entries(alone).flatMap(([name, value]) => (value === undefined ? [] : [name]))
    if (flag !== undefined) command.error(`error: ${flag} requires --tenants or --multi-tenant.`)
    if (names.length > 0) command.error('error: --base-path with a parameter requires --tenants or --multi-tenant.')
    return undefined
  }
  for (const [option, flag] of Object.entries({
    newToken: '--new-token',
    seedUsers: '--seed-users',
    auth: '--no-auth',
    allowRemoteWithoutAuth: '--allow-remote-without-auth',
  })) {
    if (command.getOptionValueSource(option) === 'cli') {
      command.error(`error: ${flag} cannot be used with --tenants or --multi-tenant.`)
    }
  }
  // Also from the environment: a token that is set and ignored would look as if it were accepted.
  if (command.getOptionValue('token') !== undefined) {
    command.error(
      'error: --token (SCIMKIT_TOKEN) cannot be used with --tenants or --multi-tenant; tokens belong to tenants.',
    )
  }
  if (names.some((name) => name !== 'tenant')) command.error('error: --base-path: the only parameter is :tenant.')
  checkAddresses(flags, command)
  const sources = [
    names.length > 0 && basePath !== undefined,
    tenantHost !== undefined,
    tenantHeader !== undefined,
  ].filter(Boolean)
  if (sources.length > 1) {
    command.error('error: Only one of :tenant in --base-path, --tenant-host and --tenant-header can name the tenant.')
  }
  const byPath = tenantHost === undefined && tenantHeader === undefined
  const path = basePath ?? (byPath ? tenantBasePath : '/scim/v2')
  return {
    kind: 'tenants',
    file: tenants,
    issuer,
    resource: flags.baseUrl,
    basePath: path,
    resolver: resolverOf(flags, names, command),
  }
}

// Each of them would otherwise be accepted and name an address where no tenant is.
function checkAddresses(flags: TenantFlags & Addresses, command: Command): void {
  const { tenantHost, tenantHeader, issuer, basePath, baseUrl } = flags
  for (const [flag, url] of Object.entries({ '--base-url': baseUrl, '--issuer': issuer })) {
    if (url !== undefined && tenantHost !== undefined) {
      command.error(`error: ${flag} cannot be used with --tenant-host: the addresses of tenants differ by their host.`)
    }
    const parameters = url === undefined ? [] : parametersOf(url.slice(url.indexOf('://') + 3))
    if (parameters.some((name) => name !== 'tenant')) command.error(`error: ${flag}: the only parameter is :tenant.`)
  }
  // The SCIM root is below the issuer by default; its metadata must name an address where SCIM is.
  if (issuer !== undefined && baseUrl === undefined && (tenantHeader !== undefined || basePath !== undefined)) {
    command.error(
      'error: --issuer with --tenant-header or --base-path requires --base-url, the address of the SCIM root.',
    )
  }
  const isByPath = tenantHeader === undefined && (basePath === undefined || parametersOf(basePath).length > 0)
  if (isByPath && baseUrl !== undefined && !parametersOf(baseUrl).includes('tenant')) {
    command.error('error: --base-url requires the segment :tenant, because the path names the tenant.')
  }
}

function resolverOf(
  { tenantHost, tenantHeader }: TenantFlags,
  names: readonly string[],
  command: Command,
): TenantResolver | undefined {
  if (tenantHeader !== undefined) return tenantFromHeader(tenantHeader)
  if (tenantHost === undefined) return names.length > 0 ? tenantFromPath() : undefined
  try {
    return tenantFromHost(tenantHost, { forwarded: Number(command.getOptionValue('trustProxy')) })
  } catch (error) {
    return command.error(`error: --tenant-host: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function parametersOf(basePath: string): readonly string[] {
  return basePath.split('/').flatMap((segment) => (segment.startsWith(':') ? [segment.slice(1)] : []))
}
