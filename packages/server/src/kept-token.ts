import { createHash, timingSafeEqual } from 'node:crypto'
import { type Authenticator, bearerCredentials, bearerScheme, tenantId } from '@scimkit/core'
import type { Facts } from '@scimkit/sql-provider'
import { newToken } from './token.js'

const factName = 'token.sha256'
/** Milliseconds for which another process's new token may go unnoticed. */
const freshFor = 1_000

/** What became of the token at a start. Only its hash is kept, so only the one who has made it can show it. */
export type TokenNews =
  | { readonly kind: 'made'; readonly token: string }
  /** An earlier start has made it. */
  | { readonly kind: 'kept' }
  /** Another process was making one at the same time, and it is that one that holds. */
  | { readonly kind: 'rival' }

/** Makes a token if there is none, or if another is wanted. Processes that do so at once end up with one token. */
export async function settleToken(facts: Facts, wantsAnother: boolean): Promise<TokenNews> {
  const held = await facts.read(factName)
  if (held !== undefined && !wantsAnother) return { kind: 'kept' }
  const token = newToken()
  return (await facts.swap(factName, held, digestOf(token))) ? { kind: 'made', token } : { kind: 'rival' }
}

/**
 * Lets in whoever sends the token whose hash is kept; nobody as long as there is none. A token made by another process
 * counts here within a second.
 */
export function keptToken(facts: Facts, options: { readonly tenant: string }): Authenticator {
  const access = { tenant: tenantId(options.tenant), principal: 'bearer-token' }
  let known: { readonly at: number; readonly digest: string } | undefined

  async function expected(): Promise<string | undefined> {
    if (known !== undefined && performance.now() - known.at < freshFor) return known.digest
    const at = performance.now()
    const digest = await facts.read(factName)
    known = digest === undefined ? undefined : { at, digest }
    return digest
  }

  const authenticator: Authenticator = async (request) => {
    const sent = bearerCredentials(request.header('authorization'))
    if (sent === undefined) return undefined
    const digest = await expected()
    if (digest === undefined) return undefined
    return timingSafeEqual(Buffer.from(digestOf(sent)), Buffer.from(digest)) ? access : undefined
  }
  return Object.assign(authenticator, { schemes: [bearerScheme] })
}

const digestOf = (token: string): string => createHash('sha256').update(token).digest('hex')
