/** Checks whether a history is linearizable. */

import { explain } from './explanation/explain.js'
import { describeOperation } from './history/describe.js'
import type { HistoryOperation } from './history/operation.js'
import { registersOf } from './registers/registers.js'
import type { Step } from './registers/step.js'
import { searchOrder } from './search/search.js'

/** Options of {@link checkHistory}. */
export interface CheckHistoryOptions {
  /** Search steps for one resource or name, after which it is undecided. Default 2,000,000: some minutes. */
  readonly maxTurns?: number
}

/** The result of a check. The history is linearizable only if `violations` and `undecided` are both empty. */
export interface HistoryReport {
  /** The number of registers: resources and names. */
  readonly registers: number
  /** Operations of the longest history of one register. */
  readonly longest: number
  /** Search steps of all searches together. */
  readonly turns: number
  /** The histories without a linearization, described as text. */
  readonly violations: readonly string[]
  /** The registers whose search reached `maxTurns`, described as text. */
  readonly undecided: readonly string[]
}

/** Checks whether each operation can have taken effect atomically at one moment between its invocation and its response. */
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
      violations.push([`${title}: these answers are impossible in any order`, ...impossible].join('\n'))
      continue
    }
    const result = searchOrder(steps, { reusable, maxTurns })
    turns += result.turns
    if (result.kind === 'violation') violations.push(explain(title, result.farthest, origin))
    if (result.kind === 'undecided') undecided.push(`${title}: undecided after ${result.turns} search steps`)
  }
  return { registers: registers.length, longest, turns, violations, undecided }
}

// A POST belongs to the resource that it creates and the name that it takes. A POST without either needs a failure status.
function isUnexplained({ request, answer }: HistoryOperation): boolean {
  if (request.kind !== 'POST' || request.name !== undefined || answer.kind === 'unknown') return false
  return answer.status !== 201 || answer.id === undefined
}

function whyImpossible({ claim, operation }: Step, origin: number): readonly string[] {
  return claim.kind === 'impossible' ? [`  ${describeOperation(operation, origin)}\n    ${claim.why}`] : []
}
