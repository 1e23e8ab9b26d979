/** Finds the key set of an issuer by its metadata. @see RFC 8414 §3, OpenID Connect Discovery 1.0 §4 */
import { asObject } from '../records/fields.js'
import type { KeyFetcher } from './key-fetcher.js'

/** The URL of RFC 8414: the well-known part goes between host and path, without the slash at the end. */
export function metadataUrl(issuer: string, wellKnown: string): string {
  const { origin, pathname } = new URL(issuer)
  return `${origin}/.well-known/${wellKnown}${pathname.endsWith('/') ? pathname.slice(0, -1) : pathname}`
}

/**
 * The `jwks_uri` of an issuer. Its metadata must name exactly this issuer: otherwise one issuer could answer for
 * another. Rejects if neither document has one.
 */
export async function jwksUriOf(issuer: string, fetchJson: KeyFetcher): Promise<string> {
  const base = issuer.endsWith('/') ? issuer.slice(0, -1) : issuer
  const urls = [metadataUrl(issuer, 'oauth-authorization-server'), `${base}/.well-known/openid-configuration`]
  let failure: unknown
  for (const url of urls) {
    try {
      return jwksUriIn(await fetchJson(url), issuer)
    } catch (error) {
      failure = error
    }
  }
  throw new Error('The metadata of the issuer cannot be used.', { cause: failure })
}

function jwksUriIn(document: unknown, issuer: string): string {
  const metadata = asObject(document)
  if (metadata?.issuer !== issuer) throw new Error('The metadata names another issuer.')
  if (typeof metadata.jwks_uri !== 'string') throw new Error('The metadata has no jwks_uri.')
  return metadata.jwks_uri
}
