/** Carries out on the caller's own resource any operation on one resource. @see RFC 7644 §3.11 */
import type { Call } from '../engine/call.js'
import { ScimError, scimError } from '../errors.js'
import type {
  GetOperation,
  MeOperation,
  MyOperation,
  PatchOperationRequest,
  RemoveOperation,
  ReplaceOperation,
} from '../operation-types/operation.js'
import type { MeOutcome, OutcomeByKind } from '../operation-types/outcome.js'
import { resourceMethods } from '../permissions/offered.js'
import { type Permitted, permit } from '../permissions/permit.js'
import { locationOf } from '../presenting/derived-parts.js'
import type { ResourceRef } from '../resource/ref.js'

type OnOne = GetOperation | ReplaceOperation | PatchOperationRequest | RemoveOperation

/** The function that carries out a permitted operation, as far as /Me needs it. */
export type CarryOutOnOne = (call: Call, operation: Permitted<OnOne>) => Promise<OutcomeByKind[MyOperation['kind']]>

/**
 * The outcome of the operation on the caller's own resource, if the host permits that operation on that resource;
 * notFound for a caller without a resource. Throws 501 if the host has no policy for it, and the errors of the
 * operation, with the Location that RFC 7644 wants in any response.
 */
export async function me(
  call: Call,
  { operation }: Permitted<MeOperation>,
  carryOut: CarryOutOnOne,
): Promise<OutcomeByKind['me']> {
  if (call.engine.me === undefined) throw meNotSupported()
  const ref = await call.engine.me(call.context)
  if (ref === undefined) return { kind: 'notFound' }
  if (!call.engine.types.has(ref.type)) throw new Error(`options.me: this server has no resource type "${ref.type}"`)
  const location = locationOf(call, ref)
  return {
    kind: 'me',
    location,
    outcome: await locatingErrors(location, async () => carryOut(call, await permit(call, onIt(operation, ref), 'me'))),
  }
}

/**
 * Throws 405 for a method that /Me does not support, with the methods that the type of the caller's own resource
 * offers; for a caller without a resource, with those that any type offers.
 */
export async function refuseMyMethod(call: Call): Promise<never> {
  const ref = await call.engine.me?.(call.context)
  const own = ref && call.engine.types.get(ref.type)
  const operations = own?.operations ?? new Set([...call.engine.types.values()].flatMap((type) => [...type.operations]))
  const error = scimError.methodNotAllowed(resourceMethods({ operations }))
  throw ref === undefined ? error : locatedAt(locationOf(call, ref), error)
}

/** 501, where the host has no policy for /Me. */
export function meNotSupported(): ScimError {
  return scimError.notImplemented('/Me is not supported.')
}

function onIt(operation: MyOperation, ref: ResourceRef): OnOne {
  return { ...operation, ref }
}

async function locatingErrors(
  location: string,
  outcome: () => Promise<MeOutcome['outcome']>,
): Promise<MeOutcome['outcome']> {
  try {
    return await outcome()
  } catch (error) {
    if (!(error instanceof ScimError)) throw error
    throw locatedAt(location, error)
  }
}

function locatedAt(location: string, { status, message, scimType, headers, cause }: ScimError): ScimError {
  return new ScimError(status, message, {
    ...(scimType !== undefined && { scimType }),
    headers: { ...headers, Location: location },
    ...(cause !== undefined && { cause }),
  })
}
