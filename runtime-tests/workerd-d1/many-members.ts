/** A group that is longer than one parameter of D1 may be. */
import type { ContractCase, ExchangeResponse } from '@scimkit/testkit'
import { acmeToken } from '../setups.js'
import { twoIsolates } from './two-isolates.js'

const count = 100_000
const group = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

/** Writes of 100,000 members are whole, whichever way they come and go. */
export function manyMembers(urls: readonly [URL, URL]): ContractCase {
  const exchange = twoIsolates(urls, '/members/scim/v2')
  const headers = { Authorization: `Bearer ${acmeToken}`, 'Content-Type': 'application/scim+json' }
  const send = async (method: string, path: string, body?: object): Promise<ExchangeResponse> => {
    const answer = await exchange({ method, path, headers, ...(body && { body: JSON.stringify(body) }) })
    if (answer.status >= 300) throw new Error(`${method}: ${answer.status} ${answer.body.slice(0, 500)}`)
    return answer
  }
  const ensureMembers = async (path: string, expected: number): Promise<void> => {
    const { members = [] } = JSON.parse((await send('GET', path)).body) as { members?: unknown[] }
    if (members.length !== expected) throw new Error(`expected ${expected} members, got ${members.length}`)
  }
  const patch = (path: string, operation: object): Promise<ExchangeResponse> =>
    send('PATCH', path, { schemas: [patchOp], Operations: [operation] })
  return {
    id: 'd1-many-members',
    title: `PUT of ${count} members and of none, PATCH that adds and removes as many`,
    level: 'MUST',
    citation: 'ScimKit',
    run: async () => {
      const name = { schemas: [group], displayName: 'everybody' }
      const { id } = JSON.parse((await send('POST', '/Groups', name)).body) as { id: string }
      const path = `/Groups/${id}`
      const members = Array.from({ length: count }, () => ({ value: crypto.randomUUID() }))
      await send('PUT', path, { ...name, members })
      await ensureMembers(path, count)
      await send('PUT', path, { ...name, members: [] })
      await ensureMembers(path, 0)
      await patch(path, { op: 'add', path: 'members', value: members })
      await ensureMembers(path, count)
      await patch(path, { op: 'remove', path: 'members', value: members.slice(1) })
      await ensureMembers(path, 1)
    },
  }
}
