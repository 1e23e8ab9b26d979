/**
 * Partitions a history by register. Linearizability is a local property: a history is linearizable if and only if the
 * history of each object is. So every resource and every unique name is checked alone; a DELETE belongs to two registers.
 * @see M. Herlihy and J. Wing, Linearizability: a correctness condition for concurrent objects (1990), theorem 1
 */

import type { HistoryOperation } from '../history/operation.js'
import { nameStep } from './name-steps.js'
import { resourceStep } from './resource-steps.js'
import type { Step } from './step.js'

/** The history of one resource or name. */
export interface Register {
  readonly title: string
  /** True if the register may become present again after a removal. */
  readonly reusable: boolean
  readonly steps: readonly Step[]
}

interface Name {
  readonly operations: HistoryOperation[]
  /** The ids of all resources known to have had the name. */
  readonly ids: Set<string>
}

/** All registers that occur in the operations. */
export function registersOf(operations: readonly HistoryOperation[]): readonly Register[] {
  const resources = new Map<string, HistoryOperation[]>()
  const names = new Map<string, Name>()
  const unanswered: HistoryOperation[] = []
  const introduced = new Set<string>()
  for (const operation of operations) {
    const { request, answer } = operation
    const ids = idsIntroduced(operation)
    for (const id of ids) introduced.add(id)
    if (request.kind === 'POST' && answer.kind === 'unknown') unanswered.push(operation)
    const about = request.kind === 'POST' || request.kind === 'SEARCH' ? ids : [request.id]
    for (const id of about) getOrMake(resources, id, () => []).push(operation)
    if ((request.kind === 'POST' || request.kind === 'SEARCH') && request.name !== undefined) {
      const name = getOrMake(names, request.name, () => ({ operations: [], ids: new Set<string>() }))
      name.operations.push(operation)
      for (const id of ids) name.ids.add(id)
    }
  }
  const removals = (ids: Iterable<string>): readonly HistoryOperation[] =>
    [...ids].flatMap((id) => resources.get(id) ?? []).filter(({ request }) => request.kind === 'DELETE')
  // A deleted resource whose name no response showed may have had any name.
  const unknownNames = removals([...resources.keys()].filter((id) => !introduced.has(id)))
  return [
    ...[...resources].map(([id, own]) => resourceRegister(id, own, unanswered)),
    ...[...names].map(([name, own]) => nameRegister(name, own, [...removals(own.ids), ...unknownNames])),
  ]
}

function idsIntroduced({ request, answer }: HistoryOperation): readonly string[] {
  if (answer.kind === 'unknown') return []
  if (request.kind === 'SEARCH') return (answer.found ?? []).map(({ id }) => id)
  return request.kind === 'POST' && answer.status === 201 && answer.id !== undefined ? [answer.id] : []
}

function resourceRegister(
  id: string,
  operations: readonly HistoryOperation[],
  unanswered: readonly HistoryOperation[],
): Register {
  const makers = operations.some(({ request }) => request.kind === 'POST') ? [] : makersOf(operations, unanswered)
  const steps = [...operations, ...makers].flatMap((operation) => resourceStep(operation, id) ?? [])
  return { title: `resource ${id}`, reusable: false, steps }
}

// A resource in search results without a matching POST response was created by a POST that got no response.
function makersOf(
  operations: readonly HistoryOperation[],
  unanswered: readonly HistoryOperation[],
): readonly HistoryOperation[] {
  const names = new Set(operations.flatMap(({ request }) => (request.kind === 'SEARCH' ? [request.name] : [])))
  return unanswered.filter(({ request }) => {
    return request.kind === 'POST' && (names.size === 0 || (request.name !== undefined && names.has(request.name)))
  })
}

function nameRegister(name: string, { operations, ids }: Name, removals: readonly HistoryOperation[]): Register {
  const steps = [...operations, ...removals].flatMap((operation) => nameStep(operation, name, ids) ?? [])
  return { title: `name ${name}`, reusable: true, steps }
}

function getOrMake<Key, Entry>(map: Map<Key, Entry>, key: Key, make: () => Entry): Entry {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}
