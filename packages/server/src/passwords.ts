import {
  compareGenerations,
  documentOnly,
  type RawVersion,
  type ResourceProvider,
  type ResourceRef,
  type ScimContext,
  type SecretsHook,
  type TenantId,
} from '@scimkit/core'
import type { Facts } from '@scimkit/sql-provider'
import { hashPassword, isPasswordOf, type ScryptCost, usualCost } from './password-hash.js'
import { passwordRecordOf } from './password-record.js'

/** Passwords kept as salted scrypt hashes, apart from the documents. */
export interface Passwords extends SecretsHook {
  /** Whether this is the password of that resource; false also when it has none. Takes the same time either way. */
  verify(tenant: TenantId, ref: ResourceRef, secret: string): Promise<boolean>
}

interface Kept {
  /** What the write led to that the password came with. */
  readonly version: RawVersion
  /** Undefined: it was taken away. That is remembered, or the late call of an older write would bring it back. */
  readonly hash?: string
}

/**
 * Passwords kept among the facts of a store, to be handed to the core as `secrets`. `resources` says whether a resource
 * still exists: one that was removed leaves no record behind.
 */
export function passwordsIn(
  facts: Facts,
  resources: Pick<ResourceProvider, 'read'>,
  cost: ScryptCost = usualCost,
): Passwords {
  const nobody = hashPassword('', cost)
  nobody.catch(() => undefined)

  const exists = async (ref: ResourceRef, context: ScimContext): Promise<boolean> =>
    (await resources.read(ref, documentOnly, context)) !== undefined

  async function forget(name: string): Promise<void> {
    for (;;) {
      const held = await facts.read(name)
      if (held === undefined || (await facts.remove(name, held))) return
    }
  }

  return {
    async write(ref, secret, version, context) {
      const name = passwordRecordOf(context.tenant, ref)
      if (secret === undefined && !(await exists(ref, context))) return forget(name)
      const next: Kept = secret === undefined ? { version } : { version, hash: await hashPassword(secret, cost) }
      // The newest write counts, whichever hash is ready first, in whichever process.
      for (;;) {
        const held = await facts.read(name)
        if (held !== undefined && compareGenerations(version, keptIn(held).version) < 0) return
        if (await facts.swap(name, held, JSON.stringify(next))) break
      }
      // The resource may have been removed since its write, also by another process. The call for that removal finds this
      // record if it comes later; if it came earlier, this call must remove it.
      if (!(await exists(ref, context))) await forget(name)
    },

    async verify(tenant, ref, secret) {
      const held = await facts.read(passwordRecordOf(tenant, ref))
      const hash = held === undefined ? undefined : keptIn(held).hash
      return (await isPasswordOf(hash ?? (await nobody), secret)) && hash !== undefined
    },
  }
}

const keptIn = (text: string): Kept => JSON.parse(text) as Kept
