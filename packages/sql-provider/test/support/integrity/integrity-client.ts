/**
 * One of many clients that create, join and delete the same few users and groups, on servers that are killed meanwhile and reject
 * members without a resource. It checks every answer against the shared knowledge of all clients.
 */
import type { ExchangeRequest, ExchangeResponse } from '@scimkit/testkit'
import type { SeededRandom } from '../../../../testkit/src/seeded-random.js'
import { type MortalServers, settle } from '../crash/mortal-servers.js'
import type { Living, World } from './world.js'

const schemas = {
  Users: 'urn:ietf:params:scim:schemas:core:2.0:User',
  Groups: 'urn:ietf:params:scim:schemas:core:2.0:Group',
}
type Collection = keyof typeof schemas
const headers = { 'Content-Type': 'application/scim+json', Accept: 'application/scim+json' }

// Few, so that a resource is often deleted while other clients add it as a member.
const most = { Users: 10, Groups: 5 }

/** One client at work. */
export interface IntegrityClient {
  /** Performs one random action and checks its result. */
  act(): Promise<void>
  /** Reads every known group and checks it. */
  lookAround(): Promise<void>
}

/** A client that shares its knowledge with the other clients in its world. */
export function integrityClient(
  name: string,
  send: MortalServers['send'],
  random: SeededRandom,
  world: World,
): IntegrityClient {
  const { tally } = world
  const living: Readonly<Record<Collection, Living>> = { Users: world.users, Groups: world.groups }
  let made = 0

  /** Repeats a read until the answer is not 503. */
  async function read(path: string): Promise<ExchangeResponse> {
    for (;;) {
      const answer = await send({ method: 'GET', path, headers })
      if (answer !== undefined && answer.status !== 503) return answer
    }
  }

  /** Sends a write. Undefined if its outcome is unknown, or if nothing was written. */
  async function write(method: string, path: string, body?: object): Promise<ExchangeResponse | undefined> {
    const request: ExchangeRequest = { method, path, headers, ...(body && { body: JSON.stringify(body) }) }
    const answer = await send(request)
    if (answer === undefined || (answer.status === 503 && !answer.body.includes('nothing was written'))) {
      tally.unanswered += 1
      await settle()
      return undefined
    }
    if (answer.status === 503) {
      tally.refused += 1
      return undefined
    }
    if (answer.status < 300) tally.acknowledged += 1
    else if (answer.status !== 404 && answer.status !== 400) violation(`${method} ${path} was answered ${told(answer)}`)
    return answer
  }

  function violation(what: string): void {
    tally.violations.push(`${name}: ${what}`)
  }

  async function make(collection: Collection): Promise<void> {
    made += 1
    const called = `${name}-${made}`
    const at = world.now()
    const members = collection === 'Groups' ? someMembers() : []
    const own = collection === 'Users' ? { userName: called } : { displayName: called, members: values(members) }
    const answer = await write('POST', `/${collection}`, { schemas: [schemas[collection]], ...own })
    checkMembers(answer, `POST of ${called}`, members, at)
    if (answer?.status === 201) living[collection].add(String((JSON.parse(answer.body) as { id: unknown }).id))
  }

  async function change(group: string): Promise<void> {
    const path = `/Groups/${group}`
    const at = world.now()
    const members = someMembers(group)
    const [first] = members
    const chance = random.below(100)
    if (first === undefined || chance < 25) {
      const body = { schemas: [schemas.Groups], displayName: `${name} was here`, members: values(members) }
      checkMembers(await write('PUT', path, body), `PUT ${path}`, members, at)
    } else if (chance < 45) {
      await write('PATCH', path, patchOf({ op: 'remove', path: `members[value eq "${first}"]` }))
    } else {
      const answer = await write('PATCH', path, patchOf({ op: 'add', path: 'members', value: values(members) }))
      checkMembers(answer, `PATCH ${path}`, members, at)
    }
  }

  /** Mostly existing ids, sometimes a deleted one. */
  function someMembers(but?: string): readonly string[] {
    const candidates = [...world.users, ...world.groups].filter((id) => id !== but)
    const ghost = random.oneIn(5) ? world.ghost(random.pick) : undefined
    const chosen = candidates.filter(() => random.oneIn(5))
    return ghost === undefined ? chosen : [ghost, ...chosen]
  }

  /** A member that was deleted before the request must be rejected, and there is no other reason for a rejection. */
  function checkMembers(
    answer: ExchangeResponse | undefined,
    what: string,
    members: readonly string[],
    at: number,
  ): void {
    if (answer === undefined || answer.status === 404) return
    const dead = members.filter((id) => world.isDead(id, at))
    if (answer.status < 300 && dead.length > 0) violation(`${what} took the members ${dead}, which are gone`)
    if (answer.status !== 400) return
    tally.refused += 1
    if (!answer.body.includes('invalidValue')) violation(`${what} was answered ${told(answer)}`)
    const all = members.every((id) => !world.isDoomed(id))
    if (all) violation(`${what} was refused, though all of ${members} are there: ${told(answer)}`)
  }

  async function remove(collection: Collection, id: string): Promise<void> {
    const path = `/${collection}/${id}`
    const before = new Map<string, Group | undefined>()
    for (const group of await groupsWith(id)) before.set(group, await look(group))
    world.doomed(id)
    const answer = await write('DELETE', path)
    if (answer === undefined && (await read(path)).status !== 404) return
    world.buried(id)
    for (const [group, old] of before) {
      const now = await look(group)
      // `showed` checks that the tag differs: the same tag cannot belong to both.
      if (old?.members.includes(id) && now !== undefined) tally.removals += 1
    }
    const still = await groupsWith(id)
    if (still.length > 0) violation(`${id} is deleted, and still a member of ${still}`)
  }

  async function groupsWith(id: string): Promise<readonly string[]> {
    const filter = encodeURIComponent(`members eq "${id}"`)
    const answer = await read(`/Groups?attributes=id&filter=${filter}`)
    const { Resources = [] } = JSON.parse(answer.body) as { Resources?: readonly { id: string }[] }
    return Resources.map((group) => group.id)
  }

  interface Group {
    readonly members: readonly string[]
  }

  /** Reads a group and checks its members. Undefined if it was deleted. */
  async function look(id: string): Promise<Group | undefined> {
    const at = world.now()
    const answer = await read(`/Groups/${id}`)
    if (answer.status === 404) {
      world.buried(id)
      return undefined
    }
    if (world.isDead(id, at)) violation(`the group ${id} is deleted, and there: ${told(answer)}`)
    const members = ((JSON.parse(answer.body) as { members?: readonly { value: string }[] }).members ?? []).map(
      ({ value }) => value,
    )
    const dead = members.filter((member) => world.isDead(member, at))
    if (dead.length > 0) violation(`the group ${id} shows the members ${dead}, which were deleted before`)
    world.showed(id, String(answer.headers.etag), members)
    return { members }
  }

  return {
    async act() {
      const chance = random.below(100)
      const { users, groups } = world
      if (chance < 20 && users.size < most.Users) await make('Users')
      else if (chance < 30 && groups.size < most.Groups) await make('Groups')
      else if (chance < 45 && users.size > 0) await remove('Users', random.pick([...users]))
      else if (chance < 50 && groups.size > 0) await remove('Groups', random.pick([...groups]))
      else if (chance < 85 && groups.size > 0) await change(random.pick([...groups]))
      else if (groups.size > 0) await look(random.pick([...groups]))
      else await make('Users')
    },
    async lookAround() {
      for (const group of [...world.groups]) await look(group)
    },
  }
}

function values(ids: readonly string[]): readonly { readonly value: string }[] {
  return ids.map((value) => ({ value }))
}

function patchOf(operation: object): object {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [operation] }
}

function told({ status, body }: ExchangeResponse): string {
  return `${status} ${body.slice(0, 300)}`
}
