/**
 * Determines the caller and the tenant of a request. The one entry into the core: a request without authentication gets
 * 401.
 * @see RFC 7644 §2, RFC 6750 §2.1
 */
import { consistsOf } from '../ascii.js'
import type { TenantId } from '../context.js'
import type { Interop } from '../interop.js'
import type { WaitUntil } from '../wait-until.js'

/** The parts of a request that an authenticator may read; the adapter's request satisfies it. */
export interface AuthenticationRequest {
  readonly method: string
  readonly target: string
  /**
   * The values of the mount's parameters: `{ customer: 'acme' }` of `/scim/:customer/v2`. It comes from the URL, so it
   * is a claim of the caller: refuse a tenant that its credentials do not cover.
   */
  readonly mountParameters?: Readonly<Record<string, string>> | undefined
  /** The Host header (`:authority`), as received: a claim of the caller too. */
  readonly host?: string | undefined
  /** Takes promises that outlive the response; absent where the platform does not need it. */
  readonly waitUntil?: WaitUntil | undefined
  header(name: string): string | undefined
}

/** An authenticated caller. */
export interface Access {
  readonly tenant: TenantId
  /**
   * Names the caller in events, and as the owner of a cursor: the client rather than its token, so that a walk outlives
   * a token that is replaced. Never a token.
   */
  readonly principal?: string
  /** What the credentials of the caller permit, by name (`scim`), for `authorize`. Undefined: the credentials have no scopes. */
  readonly scopes?: readonly string[]
  /** This caller's interop switches, instead of the server's. */
  readonly interop?: Interop
  /** Absolute URL of this tenant's SCIM root, instead of the server's. */
  readonly baseUrl?: string
}

/** One entry of `authenticationSchemes`. @see RFC 7643 §5 */
export interface AuthenticationScheme {
  readonly type: 'oauth' | 'oauth2' | 'oauthbearertoken' | 'httpbasic' | 'httpdigest'
  readonly name: string
  readonly description: string
  readonly specUri?: string
  readonly documentationUri?: string
  readonly primary?: boolean
}

/**
 * Authenticates a request (an {@link Access}), or rejects it: undefined, or a thrown `scimError.unauthorized()`.
 * `native` is the framework's own request or environment, as each adapter types it. ServiceProviderConfig and
 * `WWW-Authenticate` announce `schemes`.
 */
export interface Authenticator<Native = unknown> {
  (request: AuthenticationRequest, native: Native): Access | undefined | Promise<Access | undefined>
  readonly schemes?: readonly AuthenticationScheme[]
}

/** How RFC 6750 bearer tokens are announced. */
export const bearerScheme: AuthenticationScheme = {
  type: 'oauthbearertoken',
  name: 'OAuth Bearer Token',
  description: 'The token is sent in the Authorization header, as "Bearer TOKEN".',
  specUri: 'https://www.rfc-editor.org/info/rfc6750',
  primary: true,
}

/** The token of an `Authorization: Bearer …` header; undefined if it is anything else. @see RFC 6750 §2.1 */
export function bearerCredentials(header: string | undefined): string | undefined {
  if (header === undefined || header.slice(0, 7).toLowerCase() !== 'bearer ') return undefined
  let start = 7
  while (header[start] === ' ') start++
  const token = header.slice(start)
  return isB64Token(token) ? token : undefined
}

// b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
function isB64Token(text: string): boolean {
  let end = text.length
  while (end > 0 && text[end - 1] === '=') end--
  return end > 0 && consistsOf(text.slice(0, end), '-._~+/')
}
