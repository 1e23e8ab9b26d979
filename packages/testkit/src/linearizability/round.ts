/** One round: hot resources of its own, many clients on them, then quiet, and a last look at everything. */
import type { Exchange } from '../exchange.js'
import { seededRandom } from '../provider-contract/seeded-random.js'
import { makeUser, remove, uniqueName } from '../races/client.js'
import { type Chooser, chooseRequest } from './choose.js'
import type { Clock } from './clock.js'
import { type HotType, hotGroup, hotUser } from './hot-type.js'
import type { HistoryOperation, HistoryRequest } from './operation.js'
import { record } from './record.js'
import { emptySlot, learn, type Slot } from './slot.js'

const memberPool = 48
// A group in every four: its members are kept apart from the document, so they can be lost apart from it.
const groupEvery = 4

/** What a round is made of. */
export interface RoundOptions {
  readonly servers: readonly Exchange[]
  readonly clients: number
  readonly hotResources: number
  readonly operations: number
  /** No request is sent after this moment of the clock, but for the last look. */
  readonly until: number
  readonly seed: number
  readonly now: Clock
}

/** What happened. The last look is part of the history as well. */
export interface Round {
  readonly history: readonly HistoryOperation[]
  /** Reads of every resource after all else had ended. */
  readonly lastLook: readonly HistoryOperation[]
}

/** Plays a round and removes what it made. Rejects if not even its members can be made. */
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
  const lastLook = history.slice(last)
  await cleanUp(
    first,
    [...types].map(([id, { collection }]) => `${collection}/${encodeURIComponent(id)}`),
  )
  await cleanUp(
    first,
    members.map(({ path }) => path),
  )
  return { history, lastLook }
}

// What cannot be removed is left behind: it is nobody's name, and no part of the history.
async function cleanUp(exchange: Exchange, paths: readonly string[]): Promise<void> {
  for (const path of paths) await exchange(remove({ path })).catch(() => undefined)
}

function serverAt(servers: readonly Exchange[], index: number): Exchange {
  const server = servers[index]
  if (server === undefined) throw new RangeError('there must be a server')
  return server
}

// One name to every directory, so whoever takes it in one spelling has it in all. @see RFC 7643 §4.1.1
function spelled(name: string, variant: number): string {
  if (variant % 3 === 0) return name
  return variant % 3 === 1 ? name.toUpperCase() : `${name.charAt(0).toUpperCase()}${name.slice(1)}`
}

function idsIn({ answer }: HistoryOperation): readonly string[] {
  if (answer.kind === 'unknown') return []
  return [...(answer.id === undefined ? [] : [answer.id]), ...(answer.found ?? []).map(({ id }) => id)]
}
