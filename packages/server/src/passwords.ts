import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import {
  compareGenerations,
  type RawVersion,
  type ResourceRef,
  type ScimContext,
  type SecretsHook,
  type TenantId,
} from '@scimkit/core'

/** Passwords kept as salted scrypt hashes in memory, apart from the documents. */
export interface Passwords extends SecretsHook {
  /** Whether this is the password of that resource; false also when it has none. Takes the same time either way. */
  verify(tenant: TenantId, ref: ResourceRef, secret: string): Promise<boolean>
}

interface Hashed {
  readonly salt: Buffer
  readonly hash: Buffer
}

// One of OWASP's equal settings for scrypt, the one that takes least memory: 16 MiB for a moment.
const cost: ScryptOptions = { N: 16_384, r: 8, p: 5 }
const length = 32

/** Makes an empty store of passwords, to be handed to the core as `secrets`. */
export function memoryPasswords(options: ScryptOptions = cost): Passwords {
  // The newest write counts, whichever hash is ready first.
  const kept = new Map<string, { readonly version: RawVersion; readonly made: Promise<Hashed> }>()
  const nobody = hashed('', randomBytes(16), options)
  nobody.catch(() => undefined)

  return {
    async write(ref: ResourceRef, secret: string | undefined, version: RawVersion, { tenant }: ScimContext) {
      const key = keyOf(tenant, ref)
      const held = kept.get(key)
      if (held !== undefined && compareGenerations(version, held.version) < 0) return
      if (secret === undefined) {
        kept.delete(key)
        return
      }
      const made = hashed(secret, randomBytes(16), options)
      kept.set(key, { version, made })
      await made
    },

    async verify(tenant, ref, secret) {
      const found = kept.get(keyOf(tenant, ref))
      const { salt, hash } = await (found?.made ?? nobody)
      const given = await hashed(secret, salt, options)
      return timingSafeEqual(hash, given.hash) && found !== undefined
    },
  }
}

const keyOf = (tenant: TenantId, { type, id }: ResourceRef) => JSON.stringify([tenant, type, id])

function hashed(secret: string, salt: Buffer, options: ScryptOptions): Promise<Hashed> {
  return new Promise((resolve, reject) => {
    scrypt(secret.normalize('NFC'), salt, length, options, (error, hash) => {
      if (error === null) resolve({ salt, hash })
      else reject(error)
    })
  })
}
