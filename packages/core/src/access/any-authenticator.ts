/** Several ways to authenticate, one after the other. */
import { ScimError } from '../errors.js'
import type { Access, AuthenticationRequest, AuthenticationScheme, Authenticator } from './authenticate.js'

/**
 * Accepts a caller that one of these authenticators accepts, asked in this order; the first access counts. A thrown
 * 401 is the answer of one of them only; any other error ends the request, so that a store that fails is not a 401.
 * @example
 * ```ts
 * import { anyAuthenticator, bearerToken } from '@scimkit/core'
 *
 * const [acme, globex] = [process.env.ACME_TOKEN ?? '', process.env.GLOBEX_TOKEN ?? '']
 * const authenticate = anyAuthenticator(bearerToken(acme, { tenant: 'acme' }), bearerToken(globex, { tenant: 'globex' }))
 * ```
 */
export function anyAuthenticator<Native>(...authenticators: readonly Authenticator<Native>[]): Authenticator<Native> {
  const [first] = authenticators
  if (first === undefined) throw new TypeError('anyAuthenticator: expected at least one authenticator')
  const authenticator = async (request: AuthenticationRequest, native: Native): Promise<Access | undefined> => {
    let refusal: unknown
    for (const authenticate of authenticators) {
      try {
        const access = await authenticate(request, native)
        if (access !== undefined) return access
      } catch (error) {
        if (!(error instanceof ScimError) || error.status !== 401) throw error
        refusal ??= error
      }
    }
    // The challenge of the authenticator that refused with one of its own.
    if (refusal !== undefined) throw refusal
    return undefined
  }
  return withSchemes(authenticator, schemesOf(authenticators))
}

// Each scheme once; of several primary ones the first stays so.
function schemesOf<Native>(
  authenticators: readonly Authenticator<Native>[],
): readonly AuthenticationScheme[] | undefined {
  if (authenticators.every(({ schemes }) => schemes === undefined)) return undefined
  const schemes: AuthenticationScheme[] = []
  for (const scheme of authenticators.flatMap((one) => one.schemes ?? [])) {
    if (schemes.some(({ type, name }) => type === scheme.type && name === scheme.name)) continue
    const hasPrimary = scheme.primary === true && schemes.some(({ primary }) => primary === true)
    schemes.push(hasPrimary ? { ...scheme, primary: false } : scheme)
  }
  return schemes
}

/** The authenticator, with the schemes that it announces. */
export function withSchemes<Native>(
  authenticator: Authenticator<Native>,
  schemes: readonly AuthenticationScheme[] | undefined,
): Authenticator<Native> {
  return schemes === undefined ? authenticator : Object.assign(authenticator, { schemes })
}
