/** The absolute URL that locations start with, computed per request and never stored (ADR 12). */
import { consistsOf } from '../../ascii.js'
import { scimError } from '../../errors.js'
import type { ScimRequest } from '../adapter-interface.js'
import { authorityOf } from './absolute-form.js'
import { forwarded, type TrustedProxies } from './forwarded.js'
import { type HostList, isHost } from './host.js'
import { isPlainPath } from './path-segment.js'

/** The configured location of a server. */
export interface BaseUrlOptions extends TrustedProxies {
  readonly baseUrl: string | undefined
  /** The hosts that the server answers for; undefined: all. */
  readonly hosts: HostList | undefined
}

/**
 * The base URL of a request by a caller of this tenant, without a slash at the end. Throws 400 if it must come from an invalid Host, and an Error
 * if it must come from a mount that the framework hides.
 */
export function baseUrlOf(request: ScimRequest, options: BaseUrlOptions, tenant?: string): string {
  const name = tenant ?? tenantOfPublicRequest(request)
  // Public discovery without a tenant in its path has the address that the client used.
  if (options.baseUrl !== undefined && (name !== undefined || !hasTenant(options.baseUrl))) {
    return baseUrlOfTenant(options.baseUrl, name)
  }
  if (request.mountHidden === true) {
    throw new Error(
      'The framework has rewritten the path of the request below the mount, so the address of the SCIM root is not known. ' +
        'Set the option baseUrl.',
    )
  }
  const prefix = safePrefix(forwarded(request, options, 'x-forwarded-prefix') ?? '')
  return `${schemeOf(request, options)}://${hostOf(request, options)}${prefix}${request.mount}`
}

// Without a caller the tenant is what the path says; the documents of public discovery are the same for all.
function tenantOfPublicRequest({ mountParameters }: ScimRequest): string | undefined {
  return mountParameters !== undefined && Object.hasOwn(mountParameters, tenantParameter.slice(1))
    ? mountParameters[tenantParameter.slice(1)]
    : undefined
}

const tenantParameter = ':tenant'

function hasTenant(baseUrl: string): boolean {
  return baseUrl.split('/').includes(tenantParameter)
}

/** A `baseUrl` option for one tenant: its segment `:tenant` is the name of the tenant. Throws an Error without one. */
export function baseUrlOfTenant(baseUrl: string, tenant: string | undefined): string {
  if (!hasTenant(baseUrl)) return baseUrl
  if (tenant === undefined) throw new Error('The option baseUrl has :tenant, and this request has no tenant.')
  const name = encodeURIComponent(tenant)
  return baseUrl
    .split('/')
    .map((segment) => (segment === tenantParameter ? name : segment))
    .join('/')
}

/** Throws 421 for a request to a host that the server does not answer for, and 400 for an invalid Host. */
export function checkHost(request: ScimRequest, options: BaseUrlOptions): void {
  if (options.hosts === undefined) return
  if (!options.hosts(hostOf(request, options), schemeOf(request, options))) throw scimError.misdirected()
}

function schemeOf(request: ScimRequest, options: BaseUrlOptions): string {
  const scheme = forwarded(request, options, 'x-forwarded-proto') ?? request.scheme
  if (scheme !== 'http' && scheme !== 'https') throw scimError.badRequest('X-Forwarded-Proto must be http or https.')
  return scheme
}

// RFC 9112 §3.2.2: in a target of absolute form the host counts, and the Host header is ignored.
function hostOf(request: ScimRequest, options: BaseUrlOptions): string {
  const host = forwarded(request, options, 'x-forwarded-host') ?? authorityOf(request.target) ?? request.host
  if (host === undefined || !isHost(host))
    throw scimError.badRequest('The Host header is missing or is not a valid host name.')
  return host
}

function safePrefix(prefix: string): string {
  const trimmed = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix
  if (!consistsOf(trimmed, '/-._~%') || !isPlainPath(trimmed)) {
    throw scimError.badRequest('X-Forwarded-Prefix must be a path, without empty or dot segments.')
  }
  return trimmed
}

/**
 * A `baseUrl` option, checked at start: an absolute http(s) URL, which may have the segment `:tenant`; the slash at its
 * end is dropped. Throws a TypeError.
 */
export function checkedBaseUrl(url: string): string {
  const scheme = ['https://', 'http://'].find((prefix) => url.startsWith(prefix))
  if (scheme === undefined || url.length === scheme.length || !consistsOf(url, ':/[]-._~%')) {
    throw new TypeError(`baseUrl: expected an absolute URL like "https://app.example/scim/v2", got "${url}"`)
  }
  return url.endsWith('/') ? url.slice(0, -1) : url
}
