// What says that there was no connection, so nothing can have gone over one. Node and Deno name system calls, Bun and
// undici have names of their own. A reset or a broken pipe is not among them: it can come after the request.
const codes = [
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'],
  ...['UND_ERR_CONNECT_TIMEOUT', 'ERR_INVALID_URL', 'ConnectionRefused', 'FailedToOpenSocket'],
  ...['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
]

/** True if an error of `fetch`, or what it was caused by, proves that the request never left. */
export function isNotSent(error: unknown): boolean {
  let each: unknown = error
  // A few causes deep; an error may be its own cause.
  for (let depth = 0; depth < 5; depth++) {
    if (typeof each !== 'object' || each === null) return false
    if ('code' in each && typeof each.code === 'string' && codes.includes(each.code)) return true
    // Of several addresses none may have been reached.
    if ('errors' in each && Array.isArray(each.errors) && each.errors.length > 0 && each.errors.every(isRefusal)) {
      return true
    }
    each = 'cause' in each ? each.cause : undefined
  }
  return false
}

function isRefusal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code))
}
