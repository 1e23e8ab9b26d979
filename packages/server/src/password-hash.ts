import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { exactKey } from '@scimkit/core'

/** How much work scrypt makes of one password. */
export type ScryptCost = Readonly<Required<Pick<ScryptOptions, 'N' | 'r' | 'p'>>>

/** One of OWASP's equal settings for scrypt, the one that takes least memory: 16 MiB for a moment. */
export const usualCost: ScryptCost = { N: 16_384, r: 8, p: 5 }

const length = 32

/** A salted hash as text, which tells its cost too: `scrypt$16384$8$5$<salt>$<hash>`, so that the cost may rise one day. */
export async function hashPassword(secret: string, { N, r, p }: ScryptCost = usualCost): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(secret, salt, { N, r, p })
  return ['scrypt', N, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

/** Whether the hash was made of this password. Throws an Error for a text that is no hash. */
export async function isPasswordOf(hash: string, secret: string): Promise<boolean> {
  const parts = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/.exec(hash)
  if (parts === null) throw new Error('A kept password hash is not one of ours.')
  const [, N, r, p, salt = '', expected = ''] = parts
  const given = await derive(secret, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) })
  const known = Buffer.from(expected, 'base64url')
  return known.length === given.length && timingSafeEqual(known, given)
}

function derive(secret: string, salt: Buffer, cost: ScryptCost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // NFC, in time that grows with the length.
    scrypt(exactKey(secret), salt, length, cost, (error, hash) => {
      if (error === null) resolve(hash)
      else reject(error)
    })
  })
}
