/**
 * A client that owns one user and knows its possible states: every answered write must be stored, every unanswered one is stored
 * completely or not at all. Any other state that it reads is a violation.
 */
import type { ExchangeRequest, ExchangeResponse } from '@scimkit/testkit'
import type { SeededRandom } from '../../../../testkit/src/seeded-random.js'
import { type MortalServers, settle } from './mortal-servers.js'

/** The state of the user; undefined if it does not exist. */
type State = { readonly title: string; readonly member: boolean } | undefined

/** The figures of all clients together. */
export interface Tally {
  acknowledged: number
  unanswered: number
  refused: number
  readonly violations: string[]
}

/** One client at work. */
export interface CrashClient {
  /** Performs one random action and checks its result. */
  act(): Promise<void>
  /** Reads and checks; call it when all servers run again. */
  verify(): Promise<void>
}

const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User'
const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const headers = { 'Content-Type': 'application/scim+json', Accept: 'application/scim+json' }

/** A client that changes its own user, and one group that all clients share. */
export function crashClient(
  name: string,
  groupId: string,
  send: MortalServers['send'],
  random: SeededRandom,
  tally: Tally,
): CrashClient {
  let id: string | undefined
  let possible: readonly State[] = [undefined]
  let made = 0
  let turn = 0

  /** Sends a write and records the possible states. */
  async function write(
    request: ExchangeRequest,
    change: (state: State) => State,
  ): Promise<ExchangeResponse | undefined> {
    const answer = await send(request)
    if (answer === undefined || (answer.status === 503 && !answer.body.includes('nothing was written'))) {
      tally.unanswered += 1
      possible = [...possible, ...possible.map(change)]
      await settle()
      await observe()
      return undefined
    }
    if (answer.status === 503) {
      tally.refused += 1
      return undefined
    }
    if (answer.status >= 200 && answer.status < 300) {
      tally.acknowledged += 1
      possible = possible.map(change)
    } else {
      tally.violations.push(`${name}: ${request.method} ${request.path} was answered ${answer.status} ${answer.body}`)
    }
    return answer
  }

  async function create(): Promise<void> {
    made += 1
    const userName = `${name}-${made}`
    const body = JSON.stringify({ schemas: [userSchema], userName, title: 'new' })
    const answer = await send({ method: 'POST', path: '/Users', headers, body })
    if (answer?.status === 201) {
      tally.acknowledged += 1
      id = String((JSON.parse(answer.body) as { id: unknown }).id)
      possible = [{ title: 'new', member: false }]
      return
    }
    if (answer !== undefined && answer.status !== 503) {
      tally.violations.push(`${name}: POST of ${userName} was answered ${answer.status} ${answer.body}`)
      return
    }
    tally.unanswered += 1
    await settle()
    const found = await list(`/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`)
    id = found[0] === undefined ? undefined : String(found[0].id)
    possible = [id === undefined ? undefined : { title: 'new', member: false }]
  }

  async function list(path: string): Promise<readonly Record<string, unknown>[]> {
    for (;;) {
      const answer = await send({ method: 'GET', path, headers })
      if (answer?.status === 200) {
        return (JSON.parse(answer.body) as { Resources: readonly Record<string, unknown>[] }).Resources
      }
      if (answer !== undefined && answer.status !== 503) throw new Error(`GET ${path}: ${answer.status} ${answer.body}`)
    }
  }

  /** Reads the user; its state must be a possible one, and is the known state from then on. */
  async function observe(): Promise<void> {
    if (id === undefined) return
    for (;;) {
      const answer = await send({ method: 'GET', path: `/Users/${id}`, headers })
      if (answer === undefined || answer.status === 503) continue
      const seen = stateIn(answer)
      if (!possible.some((state) => JSON.stringify(state) === JSON.stringify(seen))) {
        tally.violations.push(`${name}: ${id} is ${JSON.stringify(seen)}, expected ${JSON.stringify(possible)}`)
      }
      possible = [seen]
      if (seen === undefined) id = undefined
      return
    }
  }

  function stateIn({ status, body }: ExchangeResponse): State {
    if (status === 404) return undefined
    const user = JSON.parse(body) as { title: string; groups?: readonly { value: string }[] }
    return { title: user.title, member: user.groups?.some(({ value }) => value === groupId) ?? false }
  }

  async function retitle(): Promise<void> {
    turn += 1
    const title = `${name}-${turn}`
    await write(
      patch(`/Users/${id}`, { op: 'replace', path: 'title', value: title }),
      (state) => state && { ...state, title },
    )
  }

  async function join(member: boolean): Promise<void> {
    const operation = member
      ? { op: 'add', path: 'members', value: [{ value: id }] }
      : { op: 'remove', path: `members[value eq "${id}"]` }
    await write(
      patch(`/Groups/${groupId}?excludedAttributes=members`, operation),
      (state) => state && { ...state, member },
    )
  }

  async function leaveTheWorld(): Promise<void> {
    const gone = id
    const answer = await write({ method: 'DELETE', path: `/Users/${id}`, headers }, () => undefined)
    if (answer?.status !== 204) return
    id = undefined
    const groups = await list(`/Groups?excludedAttributes=members&filter=${encodeURIComponent(`members eq "${gone}"`)}`)
    if (groups.length > 0) tally.violations.push(`${name}: ${gone} is deleted and still a member`)
  }

  /** A group and its members are one write: both are stored, or neither. */
  async function team(): Promise<void> {
    made += 1
    const displayName = `${name}-team-${made}`
    const members = Array.from({ length: 20 }, (_, i) => ({ value: `${displayName}-${i}` }))
    const body = JSON.stringify({ schemas: [groupSchema], displayName, members })
    const answer = await send({ method: 'POST', path: '/Groups', headers, body })
    if (answer?.status !== 201) await settle()
    const found = await list(`/Groups?filter=${encodeURIComponent(`displayName eq "${displayName}"`)}`)
    const size = (found[0]?.members as readonly unknown[] | undefined)?.length
    if (answer?.status === 201) tally.acknowledged += 1
    else tally.unanswered += 1
    if (answer?.status === 201 ? size !== 20 : found.length > 0 && size !== 20) {
      tally.violations.push(`${name}: ${displayName} answered ${answer?.status} and has ${size} members`)
    }
  }

  return {
    async act() {
      const chance = random.below(100)
      if (id === undefined) await create()
      else if (chance < 50) await retitle()
      else if (chance < 75) await join(random.below(5) < 3)
      else if (chance < 83) await leaveTheWorld()
      else if (chance < 88) await team()
      else await observe()
    },
    verify: observe,
  }
}

function patch(path: string, operation: object): ExchangeRequest {
  return { method: 'PATCH', path, headers, body: JSON.stringify({ schemas: [patchSchema], Operations: [operation] }) }
}
