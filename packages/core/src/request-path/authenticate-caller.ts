/** Authenticates the caller of a request, and completes the errors of a request that is not authenticated. */
import type { Access } from '../access/authenticate.js'
import { challenge } from '../access/challenge.js'
import { ScimError, scimError } from '../errors.js'
import type { ScimRequest } from '../http/adapter-interface.js'
import { isDiscoveryRead } from '../http/discovery-request.js'
import { holdOf } from '../in-flight/lanes.js'
import type { Settings } from '../settings/settings.js'

/** The name of all unauthenticated callers in the gates: no tenant has an empty name. */
export const unknownCaller = ''

/**
 * The access of the caller. Undefined for an unauthenticated caller that reads a public endpoint. A client that sends
 * credentials must learn whether they are valid: a wrong token is 401 there too. Throws 401, and the errors of
 * `authenticate`.
 */
export async function authenticateCaller(
  settings: Settings,
  request: ScimRequest,
  native: unknown,
): Promise<Access | undefined> {
  const isOpen =
    settings.publicDiscovery &&
    request.header('authorization') === undefined &&
    isDiscoveryRead(request, settings.engine.limits.targetLength)
  const access = await authenticated(settings, request, native, isOpen)
  // A token record without its tenant authenticates no caller; it must not apply to all tenants.
  if (typeof access?.tenant === 'string' && access.tenant !== '') return access
  if (isOpen) return undefined
  throw scimError.unauthorized('Authentication is required.')
}

// The caller is known only after authentication, so all unauthenticated callers share one bound.
async function authenticated(
  { authenticate, engine }: Settings,
  request: ScimRequest,
  native: unknown,
  isOpen: boolean,
): Promise<Access | undefined> {
  const { authentication } = engine.gates
  const place = holdOf(unknownCaller, 1)
  const turn = authentication.enter(place, request)
  if (turn !== undefined) await turn
  try {
    return await authenticate(request, native as never)
  } catch (error) {
    if (isOpen && error instanceof ScimError && error.status === 401) return undefined
    throw error
  } finally {
    authentication.leave(place)
  }
}

/** RFC 9110 §15.5.2: a 401 MUST say how to authenticate, also one that an authenticator threw. */
export function challenged({ schemes }: Settings, request: ScimRequest, error: ScimError): ScimError {
  const sentCredentials = request.header('authorization') !== undefined
  const headers = { 'WWW-Authenticate': challenge(schemes, sentCredentials), ...error.headers }
  return new ScimError(401, error.message, { headers })
}
