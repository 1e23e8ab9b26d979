/**
 * Takes a history apart by what it is about, and asks of each part whether it can be explained. Linearizability is a
 * local property: a history is linearizable exactly if the history of each object is. So every resource, and every
 * unique name, is looked at alone; a DELETE is part of two.
 * @see M. Herlihy and J. Wing, Linearizability: a correctness condition for concurrent objects (1990), theorem 1
 */
import { describeOperation } from './describe.js'
import { explain } from './explain.js'
import { nameStep } from './name-steps.js'
import type { HistoryOperation } from './operation.js'
import { resourceStep } from './resource-steps.js'
import { searchOrder } from './search.js'
import type { Step } from './step.js'

/** How {@link checkHistory} goes about it. */
export interface CheckHistoryOptions {
  /** Turns of the search for one resource or name, after which it is undecided. Default 2,000,000: some minutes. */
  readonly maxTurns?: number
}

/** What a check has found. Only if `violations` and `undecided` are both empty is the history known to be good. */
export interface HistoryReport {
  /** Resources and names. */
  readonly registers: number
  /** Operations of the longest single history. */
  readonly longest: number
  /** Turns of all searches together. */
  readonly turns: number
  /** What cannot be explained, as text for people. */
  readonly violations: readonly string[]
  /** Of what nothing is known because the search was given up. */
  readonly undecided: readonly string[]
}

interface Register {
  readonly title: string
  readonly reusable: boolean
  readonly steps: readonly Step[]
}

/** Whether all operations can be explained as if each had happened in one moment between its sending and its answer. */
export function checkHistory(
  operations: readonly HistoryOperation[],
  { maxTurns = 2_000_000 }: CheckHistoryOptions = {},
): HistoryReport {
  const origin = operations.reduce((earliest, { invoked }) => Math.min(earliest, invoked), Number.POSITIVE_INFINITY)
  const violations = operations
    .filter(isUnexplained)
    .map((operation) => `No resource and no name explains ${describeOperation(operation, origin)}`)
  const undecided: string[] = []
  const registers = registersOf(operations)
  let turns = 0
  let longest = 0
  for (const { title, steps, reusable } of registers) {
    longest = Math.max(longest, steps.length)
    const impossible = steps.flatMap((step) => whyImpossible(step, origin))
    if (impossible.length > 0) {
      violations.push([`${title}: these answers can never be`, ...impossible].join('\n'))
      continue
    }
    const result = searchOrder(steps, { reusable, maxTurns })
    turns += result.turns
    if (result.kind === 'violation') violations.push(explain(title, result.farthest, origin))
    if (result.kind === 'undecided') undecided.push(`${title}: given up after ${result.turns} turns`)
  }
  return { registers: registers.length, longest, turns, violations, undecided }
}

// A POST is about the resource that it makes and the name that it takes. One that does neither has to say so.
function isUnexplained({ request, answer }: HistoryOperation): boolean {
  if (request.kind !== 'POST' || request.name !== undefined || answer.kind === 'unknown') return false
  return answer.status !== 201 || answer.id === undefined
}

function whyImpossible({ claim, operation }: Step, origin: number): readonly string[] {
  return claim.kind === 'impossible' ? [`  ${describeOperation(operation, origin)}\n    ${claim.why}`] : []
}

function registersOf(operations: readonly HistoryOperation[]): readonly Register[] {
  const resources = new Map<string, HistoryOperation[]>()
  const names = new Map<string, { readonly operations: HistoryOperation[]; readonly ids: Set<string> }>()
  const unanswered: HistoryOperation[] = []
  const resource = (id: string): HistoryOperation[] => getOrMake(resources, id, () => [])
  const nameOf = (name: string) => getOrMake(names, name, () => ({ operations: [], ids: new Set<string>() }))

  for (const operation of operations) {
    const { request, answer } = operation
    const made = answer.kind === 'answered' && answer.status === 201 ? answer.id : undefined
    const found = answer.kind === 'answered' ? (answer.found ?? []) : []
    switch (request.kind) {
      case 'POST':
        if (made !== undefined) resource(made).push(operation)
        if (answer.kind === 'unknown') unanswered.push(operation)
        break
      case 'SEARCH':
        for (const { id } of found) resource(id).push(operation)
        break
      default:
        resource(request.id).push(operation)
    }
    if ((request.kind === 'POST' || request.kind === 'SEARCH') && request.name !== undefined) {
      const name = nameOf(request.name)
      name.operations.push(operation)
      for (const id of [made, ...found.map((hit) => hit.id)]) if (id !== undefined) name.ids.add(id)
    }
  }
  return [
    ...[...resources].map(([id, own]) => resourceRegister(id, own, unanswered)),
    ...[...names].map(([name, { operations: own, ids }]) => nameRegister(name, own, ids, resources)),
  ]
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

// Somebody that a search has found, and of whom no POST has told, was made by one that got no answer.
function makersOf(
  operations: readonly HistoryOperation[],
  unanswered: readonly HistoryOperation[],
): readonly HistoryOperation[] {
  const names = new Set(operations.flatMap(({ request }) => (request.kind === 'SEARCH' ? [request.name] : [])))
  return unanswered.filter(({ request }) => {
    return request.kind === 'POST' && (names.size === 0 || (request.name !== undefined && names.has(request.name)))
  })
}

function nameRegister(
  name: string,
  operations: readonly HistoryOperation[],
  ids: ReadonlySet<string>,
  resources: ReadonlyMap<string, readonly HistoryOperation[]>,
): Register {
  const removals = [...ids].flatMap((id) => resources.get(id) ?? []).filter(({ request }) => request.kind === 'DELETE')
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
