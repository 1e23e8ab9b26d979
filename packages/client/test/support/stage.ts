/** One user, one client whose requests can go wrong, and a rival whose requests cannot. */
import { createClient, type ScimClient, type User } from '@scimkit/client'
import type { ScimOptions } from '@scimkit/core'
import { base, type Fault, type Faulty, faulty, instantPorts, server } from './server.js'

/** What an update is tried on. */
export interface Stage extends Faulty {
  readonly scim: ScimClient
  /** Somebody else, whose requests nothing happens to. */
  readonly rival: ScimClient
  readonly user: User
  readonly pauses: readonly number[]
  now(): Promise<User>
}

/** `when` says which requests of the client may go wrong; writes by default. */
export async function stage(when?: (request: Request) => boolean, options: Partial<ScimOptions> = {}): Promise<Stage> {
  const inner = server(options)
  const faults = faulty(inner, when)
  const { ports, pauses } = instantPorts()
  const rival = createClient(base, { fetch: inner, cache: false })
  const user = await rival.users.create({ userName: 'ada', nickName: '0', title: 'a', displayName: 'd' })
  const scim = createClient(base, { fetch: faults.fetch, ports })
  await scim.discovery.config()
  return { ...faults, scim, rival, user, pauses, now: () => rival.users.get(user.id) }
}

/** A change that must be made exactly once. */
export const increment = (user: User): User => ({ ...user, nickName: String(Number(user.nickName) + 1) })
/** A rival's write comes first, then the request itself. */
export const after =
  (rival: ScimClient, { id }: User, path: string, value: string): Fault =>
  async (_request, send) => {
    await rival.users.patch(id, [{ op: 'replace', path, value }], { ifMatch: false })
    return send()
  }
