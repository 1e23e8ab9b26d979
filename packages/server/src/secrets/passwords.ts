import type { RawVersion, ResourceRef, ScimContext, SecretsHook, TenantId } from '@scimkit/core'
import { compareGenerations, documentOnly, type ResourceProvider } from '@scimkit/core/provider'
import type { Facts } from '@scimkit/sql-provider'
import { hashPassword, isPasswordOf, type ScryptCost, usualCost } from './password-hash.js'
import { passwordRecordOf } from './password-record.js'

/** Passwords stored as salted scrypt hashes, separate from the documents. */
export interface Passwords extends SecretsHook {
  /** Whether this is the password of that resource; false also if it has none. Takes the same time in both cases. */
  verify(tenant: TenantId, ref: ResourceRef, secret: string): Promise<boolean>
}

interface PasswordRecord {
  /** The version that the write of this password created. */
  readonly version: RawVersion
  /** Undefined: the password was removed. The record remains, so that a late call of an older write cannot restore the password. */
  readonly hash?: string
}

/**
 * Passwords stored among the facts of a store, for the option `secrets` of the core. `resources` reads whether a resource
 * still exists: the record of a removed resource is deleted.
 */
export function passwordsIn(
  facts: Facts,
  resources: Pick<ResourceProvider, 'read'>,
  cost: ScryptCost = usualCost,
): Passwords {
  const noPassword = hashPassword('', cost)
  noPassword.catch(() => undefined)

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
      const next: PasswordRecord =
        secret === undefined ? { version } : { version, hash: await hashPassword(secret, cost) }
      // The newest write wins, independent of the order in which hashes are ready, in any process.
      for (;;) {
        const held = await facts.read(name)
        if (held !== undefined && compareGenerations(version, recordIn(held).version) < 0) return
        if (await facts.swap(name, held, JSON.stringify(next))) break
      }
      // The resource may have been removed since its write, also by another process. If the call for that removal is later,
      // it finds this record; if it was earlier, this call must remove the record.
      if (!(await exists(ref, context))) await forget(name)
    },

    async verify(tenant, ref, secret) {
      const held = await facts.read(passwordRecordOf(tenant, ref))
      const hash = held === undefined ? undefined : recordIn(held).hash
      return (await isPasswordOf(hash ?? (await noPassword), secret)) && hash !== undefined
    },
  }
}

const recordIn = (text: string): PasswordRecord => JSON.parse(text) as PasswordRecord
