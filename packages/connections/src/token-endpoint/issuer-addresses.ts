/** The URLs of a token endpoint, from the template of its issuer. They show nothing about which tenants exist. */
import { tenantId } from '@scimkit/core'
import { pathOf } from '@scimkit/core/adapter'

/** The segment of a template that stands for the tenant. */
const placeholder = ':tenant'

/** The document or endpoint that a request target names. */
export interface Place {
  readonly kind: 'token' | 'server' | 'resource' | 'mcpResource'
  /** Of the address; undefined if the template has none. */
  readonly tenant: string | undefined
}

/** The URLs of one tenant. */
export interface Addresses {
  readonly issuer: string
  readonly tokenEndpoint: string
  /** The SCIM root. */
  readonly resource: string
  /** Where the metadata of the SCIM root is. */
  readonly resourceMetadata: string
  /** The endpoint of tools for agents; undefined if there is none. */
  readonly mcp: ResourceAddresses | undefined
}

/** A protected resource, and where its metadata is. @see RFC 9728 §3 */
export interface ResourceAddresses {
  readonly resource: string
  readonly resourceMetadata: string
}

/** The URLs of all tenants. */
export interface IssuerAddresses {
  /** Undefined for every other path, and for a name that no tenant can have. */
  placeOf(target: string): Place | undefined
  addressesOf(tenant: string | undefined): Addresses
  /** Where the metadata of the SCIM root is, from a target at or below it; undefined for other targets. */
  resourceMetadataOf(target: string): string | undefined
  /** The same of the endpoint of tools for agents. */
  mcpMetadataOf(target: string): string | undefined
}

interface Template {
  readonly origin: string
  readonly segments: readonly string[]
}

const wellKnown = {
  server: '/.well-known/oauth-authorization-server',
  resource: '/.well-known/oauth-protected-resource',
}

/**
 * The URLs for an issuer such as `https://app.example/scim/:tenant`. `resource` is the SCIM root, by default `/v2` below
 * it; `mcpResource` the endpoint of tools for agents. Throws a TypeError that names the option if one of them is not a URL with https, without query.
 */
export function issuerAddresses(
  issuer: string,
  resource = `${withoutSlash(issuer)}/v2`,
  mcpResource?: string,
): IssuerAddresses {
  const ofIssuer = templateOf('issuer', issuer)
  const ofResource = templateOf('resource', resource)
  const ofMcp = mcpResource === undefined ? undefined : templateOf('mcpResource', mcpResource)
  const paths: readonly (readonly [Place['kind'], readonly string[]])[] = [
    ['token', [...ofIssuer.segments, 'oauth', 'token']],
    ['server', [...segmentsOf(wellKnown.server), ...ofIssuer.segments]],
    ['resource', [...segmentsOf(wellKnown.resource), ...ofResource.segments]],
    ...(ofMcp === undefined ? [] : [['mcpResource', [...segmentsOf(wellKnown.resource), ...ofMcp.segments]] as const]),
  ]
  const addressesOf = (tenant: string | undefined): Addresses => {
    const base = `${ofIssuer.origin}${pathFor(ofIssuer, tenant)}`
    return {
      // RFC 8414 §3.3 compares the issuer character by character: a slash at its end is part of it.
      issuer: issuer.endsWith('/') ? `${base}/` : base,
      tokenEndpoint: `${base}/oauth/token`,
      ...resourceAddresses(ofResource, tenant),
      mcp: ofMcp && resourceAddresses(ofMcp, tenant),
    }
  }
  return {
    placeOf: (target) => {
      const segments = segmentsOf(pathOf(target))
      for (const [kind, template] of paths) {
        const match = matchSegments(template, segments)
        if (match !== undefined && segments.length === template.length) return { kind, tenant: match.tenant }
      }
      return undefined
    },
    addressesOf,
    resourceMetadataOf: (target) => {
      const match = matchSegments(ofResource.segments, segmentsOf(pathOf(target)))
      return match === undefined ? undefined : addressesOf(match.tenant).resourceMetadata
    },
    mcpMetadataOf: (target) => {
      const match = ofMcp && matchSegments(ofMcp.segments, segmentsOf(pathOf(target)))
      return match === undefined ? undefined : addressesOf(match.tenant).mcp?.resourceMetadata
    },
  }
}

function resourceAddresses(template: Template, tenant: string | undefined): ResourceAddresses {
  const path = pathFor(template, tenant)
  return {
    resource: `${template.origin}${path}`,
    resourceMetadata: `${template.origin}${wellKnown.resource}${path}`,
  }
}

function templateOf(option: string, text: string): Template {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isLocal = url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url === undefined || !(url.protocol === 'https:' || isLocal)) {
    throw new TypeError(`options.${option}: expected a URL with https, such as https://app.example/scim/:tenant`)
  }
  if (text.includes('?') || text.includes('#') || url.username !== '' || url.password !== '') {
    throw new TypeError(`options.${option}: the URL must have no query, fragment or credentials`)
  }
  const segments = segmentsOf(withoutSlash(url.pathname))
  if (segments.filter((segment) => segment === placeholder).length > 1) {
    throw new TypeError(`options.${option}: the URL has :tenant twice`)
  }
  return { origin: url.origin, segments }
}

// The tenant is undefined where the template has none.
function matchSegments(
  template: readonly string[],
  segments: readonly string[],
): { readonly tenant: string | undefined } | undefined {
  if (segments.length < template.length) return undefined
  let tenant: string | undefined
  for (const [at, expected] of template.entries()) {
    const segment = segments[at] ?? ''
    if (expected === placeholder) {
      tenant = tenantIn(segment)
      if (tenant === undefined) return undefined
    } else if (segment !== expected) return undefined
  }
  return { tenant }
}

// One name has one address: a segment that is encoded in another way than here names no tenant.
function tenantIn(segment: string): string | undefined {
  try {
    const name = tenantId(decodeURIComponent(segment))
    return encodeURIComponent(name) === segment ? name : undefined
  } catch {
    return undefined
  }
}

function pathFor({ segments }: Template, tenant = ''): string {
  return segments.map((segment) => `/${segment === placeholder ? encodeURIComponent(tenant) : segment}`).join('')
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').slice(1)
}

function withoutSlash(text: string): string {
  return text.endsWith('/') ? text.slice(0, -1) : text
}
