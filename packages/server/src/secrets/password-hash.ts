import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { exactKey } from '@scimkit/core/provider'

/** The cost parameters of scrypt for one password. */
export type ScryptCost = Readonly<Required<Pick<ScryptOptions, 'N' | 'r' | 'p'>>>

/** OWASP lists several settings of scrypt as equally strong; this one needs the least memory, 16 MiB during a hash. */
export const usualCost: ScryptCost = { N: 16_384, r: 8, p: 5 }

const length = 32

/** A salted hash as text with its cost: `scrypt$16384$8$5$<salt>$<hash>`, so that later versions can raise the cost. */
export async function hashPassword(secret: string, { N, r, p }: ScryptCost = usualCost): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(secret, salt, { N, r, p })
  return ['scrypt', N, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

/** Whether the hash is that of this password. Throws an Error for a text that is not a hash. */
export async function isPasswordOf(hash: string, secret: string): Promise<boolean> {
  const parts = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/.exec(hash)
  if (parts === null) throw new Error('Unknown format of a stored password hash.')
  const [, N, r, p, salt = '', expected = ''] = parts
  const given = await derive(secret, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) })
  const known = Buffer.from(expected, 'base64url')
  return known.length === given.length && timingSafeEqual(known, given)
}

function derive(secret: string, salt: Buffer, cost: ScryptCost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // exactKey is NFC, in linear time.
    scrypt(exactKey(secret), salt, length, cost, (error, hash) => {
      if (error === null) resolve(hash)
      else reject(error)
    })
  })
}
