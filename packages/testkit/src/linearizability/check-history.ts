/** Asks of a history whether it can be explained. */
import { describeOperation } from './describe.js'
import { explain } from './explain.js'
import type { HistoryOperation } from './operation.js'
import { registersOf } from './registers.js'
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
