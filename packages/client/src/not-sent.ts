// What says that there was no connection, so nothing can have gone over one: names that Bun and undici give, names of the
// resolver, and of certificates, which are looked at before a request goes out.
const codes = [
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'ERR_INVALID_URL'],
  ...['ConnectionRefused', 'FailedToOpenSocket'],
  ...['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
]
// Node names the system call. A host that cannot be reached is told to a socket that has long been connected too: then it
// is `read` or `write` that fails, after the request may have gone out.
const before = ['connect', 'getaddrinfo', 'bind']

/** True if an error of `fetch`, or what it was caused by, proves that the request never left. */
export function isNotSent(error: unknown): boolean {
  let each: unknown = error
  // A few causes deep; an error may be its own cause.
  for (let depth = 0; depth < 5; depth++) {
    if (typeof each !== 'object' || each === null) return false
    if (isRefusal(each)) return true
    // Of several addresses none may have been reached.
    if ('errors' in each && Array.isArray(each.errors) && each.errors.length > 0 && each.errors.every(isRefusal)) {
      return true
    }
    each = 'cause' in each ? each.cause : undefined
  }
  return false
}

function isRefusal(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  if ('syscall' in error && typeof error.syscall === 'string') return before.includes(error.syscall)
  if ('code' in error && typeof error.code === 'string') return codes.includes(error.code)
  // Deno has no codes here, but it tells at which step it failed.
  return error instanceof Error && error.message.includes(': client error (Connect): ')
}
