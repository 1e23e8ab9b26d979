/**
 * The `WWW-Authenticate` of a 401 at SCIM URLs, which names the metadata of the SCIM root. Without credentials it has no
 * error code. @see RFC 6750 §3, RFC 9728 §5.1
 */
export function resourceChallenge(metadataUrl: string | undefined, sentCredentials: boolean): string {
  const error = sentCredentials ? ', error="invalid_token"' : ''
  // A URL has no quotation mark and no backslash: both are encoded in its path.
  const metadata = metadataUrl === undefined ? '' : `, resource_metadata="${metadataUrl}"`
  return `Bearer realm="SCIM"${error}${metadata}`
}
