import type { AuthenticationScheme } from './authenticate.js'

/** The `WWW-Authenticate` of a 401, one challenge per kind of scheme. @see RFC 9110 §11.6.1, RFC 6750 §3 */
export function challenge(schemes: readonly AuthenticationScheme[], sentCredentials: boolean): string {
  const basic = schemes.some(({ type }) => type === 'httpbasic') ? ['Basic realm="SCIM", charset="UTF-8"'] : []
  const isBearer = schemes.length === 0 || schemes.some(({ type }) => type !== 'httpbasic')
  const bearer = isBearer ? [`Bearer realm="SCIM"${sentCredentials ? ', error="invalid_token"' : ''}`] : []
  return [...bearer, ...basic].join(', ')
}
