import { type Authenticator, bearerToken, type ScimOptions } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { type Exchange, type WireTarget, withHeaders } from '@scimkit/testkit'

/** The bearer tokens of the servers, by tenant. */
const tokens = {
  acme: 'a-token-of-acme-of-32-characters-or-more',
  umbrella: 'a-token-of-umbrella-of-32-characters-or-more',
}

/** One token, one tenant. */
function twoTenants(): Authenticator {
  const tenants = Object.entries(tokens).map(([tenant, token]) => bearerToken(token, { tenant }))
  const authenticate: Authenticator = async (request, native) => {
    for (const tenant of tenants) {
      const access = await tenant(request, native)
      if (access !== undefined) return access
    }
    return undefined
  }
  return Object.assign(authenticate, { schemes: tenants[0]?.schemes ?? [] })
}

/** The token that {@link wireTarget} sends by default. */
export const acmeToken: string = tokens.acme

const own = {
  exchange: {},
  strict: { interop: 'strict' },
  entra: { interop: 'entra' },
  withSecrets: { secrets: { write: () => undefined } },
  uniqueGroupNames: { interop: { preset: 'lenient', uniqueGroupDisplayName: true } },
  behindProxy: { trustProxy: true },
} as const satisfies Readonly<Record<string, Partial<ScimOptions>>>

/** A server that the contracts need, by its name in `WireTarget`. */
export type Setup = keyof typeof own

/** The names of all servers. */
export const setups = Object.keys(own) as readonly Setup[]

/** The options of one server; each has its own store, in memory by default. */
export function optionsOf<Native = unknown>(
  setup: Setup,
  provider: ScimOptions<Native>['provider'] = memoryProvider(),
): ScimOptions<Native> {
  return { provider, authenticate: twoTenants(), ...own[setup] }
}

/** The servers for the wire contract. `exchangeWith` connects to each. */
export function wireTarget(exchangeWith: (setup: Setup) => Exchange): WireTarget {
  const asAcme = (setup: Setup): Exchange => withHeaders(exchangeWith(setup), { Authorization: `Bearer ${acmeToken}` })
  const exchange = exchangeWith('exchange')
  return {
    exchange: asAcme('exchange'),
    strict: asAcme('strict'),
    entra: asAcme('entra'),
    withSecrets: asAcme('withSecrets'),
    uniqueGroupNames: asAcme('uniqueGroupNames'),
    behindProxy: asAcme('behindProxy'),
    idempotencyKeys: asAcme('exchange'),
    otherTenant: withHeaders(exchange, { Authorization: `Bearer ${tokens.umbrella}` }),
    withoutCredentials: exchange,
    wrongCredentials: withHeaders(exchange, { Authorization: `Bearer ${acmeToken.toUpperCase()}` }),
  }
}
