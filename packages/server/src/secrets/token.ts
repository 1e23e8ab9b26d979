import { createHash, randomBytes } from 'node:crypto'

const shortest = 32

/**
 * A new bearer token: a prefix that secret scanners can search for, 256 random bits, and a checksum by which scanners
 * avoid false positives.
 */
export function newToken(): string {
  const secret = randomBytes(32).toString('hex')
  return `scimkit_${secret}${createHash('sha256').update(secret).digest('hex').slice(0, 8)}`
}

/** The reason why a token that an operator chose is not accepted, as a message for the operator; undefined if it is accepted. */
export function tokenProblem(token: string): string | undefined {
  const advice = 'To generate one: openssl rand -hex 32. Without a token, the server generates one.'
  if (token.length < shortest)
    return `The token has ${token.length} characters; at least ${shortest} are required. ${advice}`
  // Without the padding: `aaa…a==` is rejected too.
  if (new Set(token.replace(/=+$/, '')).size <= 1) {
    return `The token is easy to guess: it is one character repeated. ${advice}`
  }
  // An Authorization header cannot contain other characters, so no client could send the token (RFC 6750 §2.1).
  if (!/^[A-Za-z0-9\-._~+/]+=*$/.test(token)) {
    return `The token has an invalid character: only letters, digits and -._~+/ are allowed, and = at the end. ${advice}`
  }
  return undefined
}
