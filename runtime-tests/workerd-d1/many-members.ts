/** A group that is longer than one parameter of D1 may be. */
import type { ContractCase, ExchangeResponse } from '@scimkit/testkit'
import { acmeToken } from '../setups.js'
import { twoIsolates } from './two-isolates.js'

const count = 100_000
const group = 'urn:ietf:params:scim:schemas:core:2.0:Group'

/** A PUT of 100,000 members is whole, and so is the PUT that takes them away. */
export function manyMembers(urls: readonly [URL, URL]): ContractCase {
  const exchange = twoIsolates(urls, '/members/scim/v2')
  const headers = { Authorization: `Bearer ${acmeToken}`, 'Content-Type': 'application/scim+json' }
  const send = async (method: string, path: string, body?: object): Promise<ExchangeResponse> => {
    const answer = await exchange({ method, path, headers, ...(body && { body: JSON.stringify(body) }) })
    if (answer.status >= 300) throw new Error(`${method}: ${answer.status} ${answer.body.slice(0, 500)}`)
    return answer
  }
  const membersAt = async (path: string): Promise<number> => {
    const { members = [] } = JSON.parse((await send('GET', path)).body) as { members?: unknown[] }
    return members.length
  }
  return {
    id: 'd1-many-members',
    title: `PUT of ${count} members, and PUT of none`,
    level: 'MUST',
    citation: 'ScimKit',
    run: async () => {
      const name = { schemas: [group], displayName: 'everybody' }
      const { id } = JSON.parse((await send('POST', '/Groups', name)).body) as { id: string }
      const path = `/Groups/${id}`
      const members = Array.from({ length: count }, () => ({ value: crypto.randomUUID() }))
      await send('PUT', path, { ...name, members })
      const there = await membersAt(path)
      if (there !== count) throw new Error(`expected ${count} members, got ${there}`)
      await send('PUT', path, { ...name, members: [] })
      const left = await membersAt(path)
      if (left !== 0) throw new Error(`expected no members, got ${left}`)
    },
  }
}
