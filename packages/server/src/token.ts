import { createHash, randomBytes } from 'node:crypto'

const shortest = 32

/**
 * A new bearer token: 256 random bits behind a prefix that secret scanners can look for, and a checksum that spares
 * them false alarms.
 */
export function newToken(): string {
  const secret = randomBytes(32).toString('hex')
  return `scimkit_${secret}${createHash('sha256').update(secret).digest('hex').slice(0, 8)}`
}

/** What is wrong with a token that somebody chose, in words for that somebody; undefined if it will do. */
export function tokenProblem(token: string): string | undefined {
  const advice = 'A good one: openssl rand -hex 32. Without one, the server makes its own.'
  if (token.length < shortest)
    return `The token has ${token.length} characters; at least ${shortest} are needed. ${advice}`
  // Padding aside: `aaa…a==` is no better.
  if (new Set(token.replace(/=+$/, '')).size <= 1) {
    return `The token is one character repeated, which is easy to guess. ${advice}`
  }
  // Anything else cannot stand in an Authorization header, so it would let nobody in (RFC 6750 §2.1).
  if (!/^[A-Za-z0-9\-._~+/]+=*$/.test(token)) {
    return `A token is made of letters, digits and -._~+/ and may end in =; this one is not. ${advice}`
  }
  return undefined
}
