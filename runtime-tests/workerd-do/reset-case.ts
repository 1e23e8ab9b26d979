/** An object that is reset while it answers. */
import type { ContractCase, Exchange } from '@scimkit/testkit'
import { acmeToken } from '../setups.js'

const user = 'urn:ietf:params:scim:schemas:core:2.0:User'
const headers = { Authorization: `Bearer ${acmeToken}`, 'Content-Type': 'application/scim+json' }
const resets = 5
const creates = 40

/** Acknowledged resources exist in the next object too; a request that the reset interrupted is never acknowledged. */
export function resetCase(exchange: Exchange): ContractCase {
  async function create(userName: string): Promise<string | undefined> {
    const body = JSON.stringify({ schemas: [user], userName })
    // The platform may cut the connection of a request that the reset interrupts: no acknowledgement either.
    const made = await exchange({ method: 'POST', path: '/scim/v2/Users', headers, body }).catch(() => undefined)
    if (made === undefined || made.status === 503) return undefined
    if (made.status !== 201) throw new Error(`expected 201 or 503, got ${made.status} ${made.body}`)
    return (JSON.parse(made.body) as { id: string }).id
  }
  return {
    id: 'do-reset',
    title: `${resets} resets of the object among ${creates} creates each: every acknowledged create exists`,
    level: 'MUST',
    citation: 'ScimKit',
    run: async () => {
      const acknowledged = new Set<string>()
      let cut = 0
      for (let round = 0; round < resets; round++) {
        const under = Array.from({ length: creates }, async (_, i) => {
          // The reset happens in the middle of the creates.
          if (i === creates / 2) await exchange({ method: 'POST', path: '/now', headers })
          return create(`reset-${round}-${i}`)
        })
        for (const id of await Promise.all(under)) id === undefined ? cut++ : acknowledged.add(id)
        for (const id of acknowledged) {
          const { status } = await exchange({ method: 'GET', path: `/scim/v2/Users/${id}`, headers })
          if (status !== 200) throw new Error(`round ${round}: ${id} was acknowledged, and a GET is ${status}`)
        }
      }
      // Else the reset was before or after all creates, and the case tests nothing.
      if (acknowledged.size === 0 || cut === 0) throw new Error(`${acknowledged.size} were acknowledged, ${cut} cut`)
    },
  }
}
