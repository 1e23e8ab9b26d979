/** A create that was carried out before: the same request again, with the same idempotency key. */
import type { Call } from '../../engine/call.js'
import { ScimError } from '../../errors.js'
import type { CreatedOutcome } from '../../operation-types/outcome.js'
import { presentWithoutBody } from '../../presenting/present.js'
import type { Presentation } from '../../presenting/presentation.js'
import { represent } from '../../presenting/represent.js'
import type { CreationKey, CreationRecord } from '../../provider/creation-key.js'
import { handOverSecret } from '../after-write.js'
import type { PasswordPlace } from '../password-place.js'
import type { Secret } from '../secret.js'

/** The request that is repeated. */
export interface RepeatedCreation {
  readonly key: CreationKey
  readonly presentation: Presentation
  /** The password of the request: the first one may not have reached the host. */
  readonly secret: Secret | undefined
  readonly place: PasswordPlace
}

/** The record of a committed create with this key; undefined if there is none. */
export async function createdBefore(call: Call, key: CreationKey): Promise<CreationRecord | undefined> {
  const { provider } = call.engine
  if (provider.createdWith === undefined) throw new Error('The provider has no createdWith.')
  return provider.createdWith(key, call.context)
}

/**
 * The result of the first create, with the resource as it is now; nothing is written. Throws 422 if the key belongs to
 * another request, 404 if the resource has been removed, and 500 if the host does not accept the password.
 */
export async function replayCreation(
  call: Call,
  { ref, version, digest }: CreationRecord,
  { key, presentation, secret, place }: RepeatedCreation,
): Promise<CreatedOutcome> {
  if (digest !== key.digest) {
    throw new ScimError(
      422,
      'This Idempotency-Key was used for a create with another body or resource type; nothing was created. Use a new key for each resource.',
    )
  }
  const stored = await call.engine.provider.read(ref, presentation.needs, call.context)
  if (stored === undefined) {
    // Not a second resource: the client repeats a create whose resource was removed on purpose.
    throw new ScimError(
      404,
      'The resource that was created with this Idempotency-Key has been removed; nothing was created. Use a new key to create another one.',
    )
  }
  const turn = place.take(secret)
  if (turn !== undefined) await turn
  // With the version of the first write: the host ignores the call if a later write has changed the password.
  await handOverSecret(call, ref, secret, version)
  const value =
    presentation.prefer === 'minimal'
      ? presentWithoutBody(call, stored, 'minimal')
      : await represent(call, presentation, stored)
  return { kind: 'created', value }
}
