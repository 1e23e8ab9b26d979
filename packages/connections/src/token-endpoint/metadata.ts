/** The metadata of the token endpoint and of the SCIM root. @see RFC 8414 §2, RFC 9728 §2 */
import { assertionAlgorithms } from '../lifecycle/oauth-settings.js'
import type { Addresses } from './issuer-addresses.js'

/** The scope that metadata announces; a client that asks for less is given less. */
const scopes = ['scim']

/** The metadata of RFC 8414. There is no authorization endpoint, and the list of response types must not be empty. */
export function serverMetadata({ issuer, tokenEndpoint }: Addresses, acceptSecrets: boolean): object {
  const secrets = acceptSecrets ? ['client_secret_basic', 'client_secret_post'] : []
  return {
    issuer,
    token_endpoint: tokenEndpoint,
    response_types_supported: ['none'],
    scopes_supported: scopes,
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: ['private_key_jwt', ...secrets],
    token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
  }
}

/** The metadata of RFC 9728, which names the issuer of the tokens for a resource. */
export function resourceMetadata(issuer: string, resource: string): object {
  return {
    resource,
    authorization_servers: [issuer],
    scopes_supported: scopes,
    bearer_methods_supported: ['header'],
  }
}
