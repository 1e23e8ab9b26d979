/** Random changes of tokens: none of them is accepted, and parsing never throws. */
import { expect, test } from '@jest/globals'
import { platformPorts } from '@scimkit/core'
import { seededRandom } from '../../../testkit/src/seeded-random.js'
import { seed } from '../../../testkit/test/support/effort.js'
import { clientSecretIdIn, newClientSecret, newToken, tokenIdIn } from '../../src/tokens/credential.js'
import { digestOf } from '../../src/tokens/digest.js'

const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~+/= \0\né😀'

test(`every change of one character is refused by the checksum or the digest (seed ${seed})`, async () => {
  const random = seededRandom(seed)
  for (const make of [newToken, newClientSecret]) {
    const idIn = make === newToken ? tokenIdIn : clientSecretIdIn
    const { text, digest } = await make(platformPorts)
    for (let at = 0; at < text.length; at++) {
      for (const character of characters) {
        const changed = text.slice(0, at) + character + text.slice(at + 1)
        if (changed === text) continue
        const refused = idIn(changed) === undefined || (await digestOf(changed, platformPorts)) !== digest
        if (!refused) throw new Error(`seed ${seed}: ${changed} is accepted`)
        // CRC-32 detects every change within 32 bits, so no store is read for it.
        if (idIn(changed) !== undefined) throw new Error(`seed ${seed}: the checksum of ${changed} is accepted`)
      }
      expect(idIn(text.slice(0, at))).toBeUndefined()
      expect(idIn(text.slice(0, at) + random.pick([...characters]) + text.slice(at))).toBeUndefined()
    }
  }
})

test(`parsing never throws, and a text that it accepts has the form of a token (seed ${seed})`, () => {
  const random = seededRandom(seed)
  for (let i = 0; i < 20_000; i++) {
    const length = random.pick([0, 1, 5, 60, 69, 70, 71, 72, 200])
    const start = random.pick(['', 'scim_', 'scimsec_', 'scim', 'SCIM_'])
    let text = start
    while (text.length < length) text += random.pick([...characters])
    clientSecretIdIn(text)
    const id = tokenIdIn(text)
    if (id !== undefined) expect(text).toMatch(/^scim_[\w-]{59}[0-9A-Za-z]{6}$/)
  }
  for (const lone of ['\ud800', '\udfff'.repeat(70), `scim_${'\ud800'.repeat(65)}`])
    expect(tokenIdIn(lone)).toBeUndefined()
})
