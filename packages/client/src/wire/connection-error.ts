// Error codes that prove that no connection was established, so no request was sent: codes of Bun and undici, of the
// resolver, and of certificate checks, which run before a request is sent.
const codes = [
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'ERR_INVALID_URL'],
  ...['ConnectionRefused', 'FailedToOpenSocket'],
  ...['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
]
// Node reports the system call. An unreachable host also fails sockets that are already connected: then `read` or `write`
// fails, possibly after the request was sent.
const before = ['connect', 'getaddrinfo', 'bind']

/** True if an error of `fetch`, or one of its causes, proves that the request was not sent. */
export function isConnectionError(error: unknown): boolean {
  let each: unknown = error
  // Bounded depth, because an error may be its own cause.
  for (let depth = 0; depth < 5; depth++) {
    if (typeof each !== 'object' || each === null) return false
    if (isRefusal(each)) return true
    // For a host with several addresses: true only if the connection to each address failed.
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
  // Deno reports no code here, but its message names the step that failed.
  return error instanceof Error && error.message.includes(': client error (Connect): ')
}
