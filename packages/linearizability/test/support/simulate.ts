/**
 * Histories that are linearizable by construction: each request of a client takes effect on one register at one moment
 * between its invocation and its response.
 */
import {
  type Change,
  type HistoryAnswer,
  type HistoryOperation,
  type HistoryRequest,
  valueFrom,
} from '@scimkit/linearizability'
import type { SeededRandom } from '../../../testkit/src/seeded-random.js'
import { name } from './lines.js'
import { type SimulatedServer, simulatedServer } from './simulated-server.js'

/** Options of a simulated run. */
export interface SimulateOptions {
  readonly clients: number
  readonly operations: number
  /** One write in this many gets no response; half of these have no effect, the others at any time. 0: none. */
  readonly unknownOneIn: number
  /** One request in this many is a DELETE. 0: none. */
  readonly deleteOneIn: number
  /** The number of different texts to write. Default: each is new. */
  readonly texts?: number
  /** Whether the resource exists from the start. Default true. */
  readonly startsPresent?: boolean
}

interface Running {
  readonly client: number
  readonly request: HistoryRequest
  readonly invoked: number
  readonly effect: number
  readonly returned: number
  readonly isLost: boolean
  answer: HistoryAnswer | undefined
}

/** A history of one name and the resources that have it in turn. Its times are integers, some of them equal. */
export function simulate(chance: SeededRandom, options: SimulateOptions): readonly HistoryOperation[] {
  const { clients, operations, unknownOneIn, startsPresent = true, texts = operations } = options
  const server = simulatedServer(chance)
  const history: HistoryOperation[] = []
  const running: Running[] = []
  const late: Running[] = []
  if (startsPresent) history.push(firstOne(server))
  const freeFrom = Array.from({ length: clients }, () => 2 + chance.below(10))
  let made = 0

  for (let sent = 0; ; ) {
    // The next event: an effect, or a request of an idle client.
    const nextFree = freeFrom.reduce((best, at, client) => (at < (freeFrom[best] ?? 0) ? client : best), 0)
    const sendAt = sent < operations ? (freeFrom[nextFree] ?? 0) : Number.POSITIVE_INFINITY
    const next = earliest([...running, ...late])
    if (next !== undefined && next.effect <= sendAt) {
      next.answer = server.handle(next.request)
      const list = next.isLost ? late : running
      list.splice(list.indexOf(next), 1)
      if (!next.isLost) history.push(operationOf(next, next.answer))
      continue
    }
    if (sent >= operations) break
    sent += 1
    made += 1
    const request = nextRequest(chance, server.known(), options, made % texts)
    const effect = sendAt + chance.below(12)
    const returned = effect + chance.below(12)
    const isWrite = request.kind !== 'GET' && request.kind !== 'SEARCH'
    const isLost = isWrite && unknownOneIn > 0 && chance.oneIn(unknownOneIn)
    const one: Running = { client: nextFree, request, invoked: sendAt, effect, returned, isLost, answer: undefined }
    if (!isLost) running.push(one)
    else {
      history.push(operationOf(one, { kind: 'unknown', why: '503' }))
      if (chance.oneIn(2)) late.push({ ...one, effect: effect + (chance.oneIn(3) ? chance.below(200) : 0) })
    }
    freeFrom[nextFree] = returned + chance.below(6)
  }
  return history
}

function firstOne(server: SimulatedServer): HistoryOperation {
  const request: HistoryRequest = { kind: 'POST', name, value: valueFrom('v0') }
  return { client: 0, server: 0, invoked: 0, returned: 1, request, answer: server.handle(request) }
}

function earliest(all: readonly Running[]): Running | undefined {
  let best: Running | undefined
  for (const one of all) if (best === undefined || one.effect < best.effect) best = one
  return best
}

function operationOf({ client, request, invoked, returned }: Running, answer: HistoryAnswer): HistoryOperation {
  return { client, server: 0, invoked, returned, request, answer }
}

/** The state that clients may know. */
export interface Known {
  /** The current id and the deleted one, in this order; the first is undefined if no resource exists. */
  readonly ids: readonly (string | undefined)[]
  /** The tags of the current resource, the newest first. */
  readonly tags: readonly string[]
  /** The elements of the current resource. */
  readonly elements: readonly string[]
  readonly scalar: string
}

function nextRequest(chance: SeededRandom, known: Known, options: SimulateOptions, made: number): HistoryRequest {
  const [current, deletedId] = known.ids
  const id = deletedId !== undefined && chance.oneIn(15) ? deletedId : current
  if (id === undefined || chance.oneIn(20)) {
    return chance.oneIn(3) ? { kind: 'SEARCH', name } : { kind: 'POST', name, value: newValue(chance, known, made) }
  }
  if (options.deleteOneIn > 0 && chance.oneIn(options.deleteOneIn)) {
    return { kind: 'DELETE', id, ...match(chance, known) }
  }
  switch (chance.below(5)) {
    case 0:
    case 1: {
      const [newest] = known.tags
      const isConditional = newest !== undefined && chance.oneIn(3)
      return { kind: 'GET', id, ...(isConditional && { ifNoneMatch: newest }) }
    }
    case 2:
      return {
        kind: 'PUT',
        id,
        change: { kind: 'put', value: newValue(chance, known, made) },
        ...match(chance, known),
      }
    default:
      return { kind: 'PATCH', id, change: newChange(chance, known, made), ...match(chance, known) }
  }
}

function match(chance: SeededRandom, { tags }: Known): { readonly ifMatch?: string; readonly ifNoneMatch?: string } {
  const [newest] = tags
  if (newest === undefined || chance.oneIn(2)) return {}
  if (chance.oneIn(12)) return { ifNoneMatch: newest }
  return { ifMatch: chance.oneIn(4) ? chance.pick(tags) : newest }
}

function newValue(chance: SeededRandom, { scalar, elements }: Known, made: number) {
  if (chance.oneIn(8)) return valueFrom(scalar, elements)
  return valueFrom(`v${made}`, chance.oneIn(2) ? [`e${made}`] : elements.slice(0, 2))
}

function newChange(chance: SeededRandom, { elements }: Known, made: number): Change {
  if (chance.oneIn(2)) return { kind: 'set', scalar: `s${made}` }
  return { kind: 'add', element: elements.length > 0 && chance.oneIn(8) ? chance.pick(elements) : `e${made}` }
}
