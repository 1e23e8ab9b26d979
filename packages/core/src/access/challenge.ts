import type { Authenticator } from './authenticate.js'

/** The `WWW-Authenticate` of a 401. @see RFC 9110 §11.6.1, RFC 6750 §3 */
export function challenge(authenticator: Authenticator | undefined, sentCredentials: boolean): string {
  const isBasic =
    authenticator?.schemes?.every((scheme) => scheme.type === 'httpbasic') && authenticator.schemes.length > 0
  if (isBasic) return 'Basic realm="SCIM", charset="UTF-8"'
  return sentCredentials ? 'Bearer realm="SCIM", error="invalid_token"' : 'Bearer realm="SCIM"'
}
