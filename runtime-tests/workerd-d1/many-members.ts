/** Groups whose members exceed one parameter of D1. */
import type { ContractCase, ExchangeResponse } from '@scimkit/testkit'
import { acmeToken } from '../setups.js'
import { twoIsolates } from './two-isolates.js'

const count = 100_000
const group = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const user = 'urn:ietf:params:scim:schemas:core:2.0:User'
const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

interface Member {
  readonly value: string
}

const membersOf = (length: number): readonly Member[] => Array.from({ length }, () => ({ value: crypto.randomUUID() }))

/** Writes of very many members are complete, for each way to add and remove them. */
export function manyMembers(urls: readonly [URL, URL]): readonly ContractCase[] {
  const exchange = twoIsolates(urls, '/members/scim/v2')
  const headers = { Authorization: `Bearer ${acmeToken}`, 'Content-Type': 'application/scim+json' }
  const send = async (method: string, path: string, body?: object): Promise<ExchangeResponse> => {
    const answer = await exchange({ method, path, headers, ...(body && { body: JSON.stringify(body) }) })
    if (answer.status >= 300) throw new Error(`${method}: ${answer.status} ${answer.body.slice(0, 500)}`)
    return answer
  }
  const create = async (type: string, body: object): Promise<string> => {
    const { id } = JSON.parse((await send('POST', `/${type}`, body)).body) as { id: string }
    return `/${type}/${id}`
  }
  const ensureMembers = async (path: string, expected: number): Promise<void> => {
    const { members = [] } = JSON.parse((await send('GET', path)).body) as { members?: unknown[] }
    if (members.length !== expected) throw new Error(`expected ${expected} members, got ${members.length}`)
  }
  const patch = (path: string, operation: object): Promise<ExchangeResponse> =>
    send('PATCH', path, { schemas: [patchOp], Operations: [operation] })
  const add = (path: string, value: readonly Member[]) => patch(path, { op: 'add', path: 'members', value })
  const name = { schemas: [group], displayName: 'everybody' }
  const described = { level: 'MUST', citation: 'ScimKit' } as const

  return [
    {
      ...described,
      id: 'd1-many-members',
      title: `PUT of ${count} members and of none, PATCH that adds and removes as many`,
      run: async () => {
        const path = await create('Groups', name)
        const members = membersOf(count)
        await send('PUT', path, { ...name, members })
        await ensureMembers(path, count)
        await send('PUT', path, { ...name, members: [] })
        await ensureMembers(path, 0)
        await add(path, members)
        await ensureMembers(path, count)
        await patch(path, { op: 'remove', path: 'members', value: members.slice(1) })
        await ensureMembers(path, 1)
      },
    },
    ...[25_000, 80_000].map((size) => ({
      ...described,
      id: `d1-many-members-${size}`,
      title: `a group of ${size} members is created, replaced, emptied in each way, and removed`,
      run: async () => {
        const members = membersOf(size)
        const path = await create('Groups', { ...name, members })
        await ensureMembers(path, size)
        await send('PUT', path, { ...name, members: membersOf(size) })
        await ensureMembers(path, size)
        await patch(path, { op: 'remove', path: 'members' })
        await ensureMembers(path, 0)
        await add(path, members)
        await send('PUT', path, name)
        await ensureMembers(path, 0)
        await add(path, members)
        await send('DELETE', path)
        const { status } = await exchange({ method: 'GET', path, headers })
        if (status !== 404) throw new Error(`expected 404, got ${status}`)
      },
    })),
    {
      ...described,
      id: 'd1-many-members-grown',
      title: 'a group that several PATCHes extend beyond the size of one body loses a deleted user, and is emptied',
      run: async () => {
        const path = await create('Groups', name)
        const member = await create('Users', { schemas: [user], userName: 'in a large group' })
        await add(path, [{ value: member.slice('/Users/'.length) }])
        for (const _ of [1, 2, 3]) await add(path, membersOf(100_000))
        await ensureMembers(path, 300_001)
        await send('DELETE', member)
        await ensureMembers(path, 300_000)
        await patch(path, { op: 'remove', path: 'members' })
        await ensureMembers(path, 0)
      },
    },
  ]
}
