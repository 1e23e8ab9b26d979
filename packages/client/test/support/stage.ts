/** One user, one client whose requests can fail, and a concurrent writer whose requests do not fail. */
import { createClient, type ScimClient, type User } from '@scimkit/client'
import type { ScimOptions } from '@scimkit/core'
import { base, type Fault, type Faulty, faulty, instantPorts, server } from './server.js'

/** The fixture of update tests. */
export interface Stage extends Faulty {
  readonly scim: ScimClient
  /** A concurrent writer whose requests do not fail. */
  readonly other: ScimClient
  readonly user: User
  readonly pauses: readonly number[]
  now(): Promise<User>
}

/** `when` selects the requests of the client that may fail; writes by default. */
export async function stage(when?: (request: Request) => boolean, options: Partial<ScimOptions> = {}): Promise<Stage> {
  const inner = server(options)
  const faults = faulty(inner, when)
  const { ports, pauses } = instantPorts()
  const other = createClient(base, { fetch: inner, cache: false })
  const user = await other.users.create({ userName: 'ada', nickName: '0', title: 'a', displayName: 'd' })
  const scim = createClient(base, { fetch: faults.fetch, ports })
  await scim.discovery.serviceProviderConfig()
  return { ...faults, scim, other, user, pauses, now: () => other.users.get(user.id) }
}

/** A change that must be applied exactly once. */
export const increment = (user: User): User => ({ ...user, nickName: String(Number(user.nickName) + 1) })
/** A concurrent write is sent first, then the request itself. */
export const after =
  (other: ScimClient, { id }: User, path: string, value: string): Fault =>
  async (_request, send) => {
    await other.users.patch(id, [{ op: 'replace', path, value }], { ifMatch: false })
    return send()
  }
