/** One round: new hot resources, many concurrent clients on them, then a final read of everything. */
import type { Clock, HistoryOperation, HistoryRequest } from '@scimkit/linearizability'
import type { Exchange } from '../exchange.js'
import { makeUser, remove, uniqueName } from '../races/client.js'
import { seededRandom } from '../seeded-random.js'
import { type Chooser, chooseRequest } from './choose.js'
import { type HotType, hotGroup, hotUser } from './hot-type.js'
import { record } from './record.js'
import { emptySlot, learn, type Slot } from './slot.js'

const memberPool = 48
// Every fourth resource is a group: its members are stored separately from the document, so they can be lost separately.
const groupEvery = 4

/** The options of a round. */
export interface RoundOptions {
  readonly servers: readonly Exchange[]
  readonly clients: number
  readonly hotResources: number
  readonly operations: number
  /** No request is sent after this moment of the clock, except the final reads. */
  readonly until: number
  readonly seed: number
  readonly now: Clock
}

/** The recorded history; it includes the final reads. */
export interface Round {
  readonly history: readonly HistoryOperation[]
  /** Reads of every resource after all other requests ended. */
  readonly finalReads: readonly HistoryOperation[]
}

/** Runs a round and deletes its resources. Rejects if the users for group members cannot be created. */
export async function playRound(options: RoundOptions): Promise<Round> {
  const { servers, clients, hotResources, operations, until, seed, now } = options
  const random = seededRandom(seed)
  const first = serverAt(servers, 0)
  const members = await Promise.all(Array.from({ length: memberPool }, () => makeUser(first)))
  const chooser: Chooser = { random, members: members.map(({ id }) => id), made: 0 }
  const prefix = uniqueName('hot')
  const slots = Array.from({ length: hotResources }, (_, i) =>
    i % groupEvery === groupEvery - 1 ? emptySlot(hotGroup, undefined) : emptySlot(hotUser, `${prefix}-${i}`),
  )
  const history: HistoryOperation[] = []
  const types = new Map<string, HotType>()
  const ask = async (client: number, server: number, slot: Slot, request: HistoryRequest): Promise<void> => {
    const userName = slot.name === undefined ? undefined : spelled(slot.name, request.kind === 'POST' ? client : 0)
    const exchange = serverAt(servers, server)
    const operation = await record({ client, server, exchange, type: slot.type, request, userName }, now)
    history.push(operation)
    learn(slot, operation)
    for (const id of idsIn(operation)) types.set(id, slot.type)
  }

  let sent = 0
  const client = async (number: number): Promise<void> => {
    while (sent < operations && now() < until) {
      sent += 1
      const slot = random.pick(slots)
      await ask(number, random.below(servers.length), slot, chooseRequest(chooser, slot))
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)))

  for (const slot of slots) if (slot.name !== undefined) await ask(0, 0, slot, { kind: 'SEARCH', name: slot.name })
  const last = history.length
  for (const [id, type] of types) {
    await ask(0, random.below(servers.length), emptySlot(type, undefined), { kind: 'GET', id })
  }
  const finalReads = history.slice(last)
  await cleanUp(
    first,
    [...types].map(([id, { collection }]) => `${collection}/${encodeURIComponent(id)}`),
  )
  await cleanUp(
    first,
    members.map(({ path }) => path),
  )
  return { history, finalReads }
}

// Failures of the cleanup are ignored: the names are unique to this round, and the history is complete.
async function cleanUp(exchange: Exchange, paths: readonly string[]): Promise<void> {
  for (const path of paths) await exchange(remove({ path })).catch(() => undefined)
}

function serverAt(servers: readonly Exchange[], index: number): Exchange {
  const server = servers[index]
  if (server === undefined) throw new RangeError('at least one server is required')
  return server
}

// Spellings that are equal without regard to case: they are the same unique name. @see RFC 7643 §4.1.1
function spelled(name: string, variant: number): string {
  if (variant % 3 === 0) return name
  return variant % 3 === 1 ? name.toUpperCase() : `${name.charAt(0).toUpperCase()}${name.slice(1)}`
}

function idsIn({ answer }: HistoryOperation): readonly string[] {
  if (answer.kind === 'unknown') return []
  return [...(answer.id === undefined ? [] : [answer.id]), ...(answer.found ?? []).map(({ id }) => id)]
}
