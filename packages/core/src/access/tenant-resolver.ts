/**
 * The tenant that a request names, in its path, its host or a header. It is a claim of the caller: {@link withTenant}
 * compares it with the tenant of the credentials, and only an authenticator makes a TenantId.
 */
import type { MaybePromise } from '../provider/provider.js'
import { withSchemes } from './any-authenticator.js'
import type { Access, AuthenticationRequest, Authenticator } from './authenticate.js'

/** The name of the tenant that a request claims; undefined if it names none. */
export type TenantResolver<Native = unknown> = (
  request: AuthenticationRequest,
  native: Native,
) => MaybePromise<string | undefined>

/** The tenant in a parameter of the mount: `tenant` of `/scim/:tenant/v2`. */
export function tenantFromPath(parameter = 'tenant'): TenantResolver {
  return ({ mountParameters }) =>
    mountParameters !== undefined && Object.hasOwn(mountParameters, parameter) ? mountParameters[parameter] : undefined
}

/**
 * The tenant in the name of the host: `acme` of `acme.scim.example` for the pattern `*.scim.example`. Host names have no
 * letter case, so the names of these tenants are in lower case. `forwarded`: how many proxies in front set
 * `X-Forwarded-Host`, `true` is one; of the entries the n-th from the right counts, with
 * fewer entries the first, as with `trustProxy`. Default: the
 * Host header. Throws a TypeError for another pattern or number.
 */
export function tenantFromHost(
  pattern: string,
  { forwarded = false }: { readonly forwarded?: boolean | number } = {},
): TenantResolver {
  const suffix = pattern.slice(1).toLowerCase()
  if (!pattern.startsWith('*.') || suffix.length < 2 || suffix.includes('*') || suffix.includes(':')) {
    throw new TypeError(`tenantFromHost: expected a pattern like "*.scim.example", got "${pattern}"`)
  }
  const proxies = Number(forwarded)
  if (!Number.isSafeInteger(proxies) || proxies < 0) {
    throw new TypeError('tenantFromHost: forwarded takes true, false or the number of proxies')
  }
  return (request) => {
    const entries = proxies === 0 ? [] : (request.header('x-forwarded-host')?.split(',') ?? [])
    const sent = entries[Math.max(0, entries.length - proxies)]?.trim()
    const host = withoutPort((sent ?? request.host ?? '').toLowerCase())
    if (!host.endsWith(suffix)) return undefined
    const label = host.slice(0, -suffix.length)
    return label === '' || label.includes('.') ? undefined : label
  }
}

function withoutPort(host: string): string {
  const colon = host.indexOf(':')
  return colon === -1 ? host : host.slice(0, colon)
}

/** The tenant in a header, such as `x-tenant`. */
export function tenantFromHeader(name: string): TenantResolver {
  const header = name.toLowerCase()
  return (request) => request.header(header)
}

/**
 * Accepts the callers that `authenticate` accepts, if the tenant of their credentials is the one that the request
 * names. All others get the same 401: nothing depends on whether the tenant exists, because only the credentials are
 * looked up.
 * @example
 * ```ts
 * import { bearerToken, tenantFromPath, withTenant } from '@scimkit/core'
 *
 * const token = bearerToken(process.env.SCIM_TOKEN ?? '', { tenant: 'acme' })
 * // Mounted at /scim/:tenant/v2: the token opens /scim/acme/v2 and no other.
 * const authenticate = withTenant(tenantFromPath(), token)
 * ```
 */
export function withTenant<Native>(
  resolve: TenantResolver<Native>,
  authenticate: Authenticator<Native>,
): Authenticator<Native> {
  const authenticator = async (request: AuthenticationRequest, native: Native): Promise<Access | undefined> => {
    const access = await authenticate(request, native)
    const claimed: unknown = await resolve(request, native)
    return claimed !== undefined && access?.tenant === claimed ? access : undefined
  }
  return withSchemes(authenticator, authenticate.schemes)
}
