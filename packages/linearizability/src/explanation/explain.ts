/**
 * Explains why there is no linearization: the longest linearizable prefix, the state of the register after it, and why
 * each candidate for the next step is impossible, or which write has no possible predecessor. There are at most as many
 * candidates as clients.
 */
import { describeVersion } from '../history/describe.js'
import type { RegisterState } from '../registers/register.js'
import { describeStep } from '../registers/step.js'
import type { Position } from '../search/position.js'
import type { Dependent } from '../search/predecessor-index.js'
import { whyNot } from './why-not.js'

const mostRecent = 4
const mostStuck = 8

/** Describes the position with the longest linearizable prefix. Times are milliseconds since `origin`. */
export function explain(title: string, position: Position, origin: number): string {
  const { closed, pending, played, state } = position
  const recent = played.slice(-mostRecent).map(({ move }) => `  ${describeStep(move.step, origin)}`)
  const dependent = position.predecessors.unsatisfiable(state)
  return [
    `${title}: no order explains its ${closed.length} operations; ${pending.done()} could be put in order.`,
    ...(recent.length === 0 ? [] : ['The last of these:', ...recent]),
    ...(dependent === undefined ? stuck(position, origin) : describeUnsatisfiable(position, dependent, origin)),
  ].join('\n')
}

function stuck(position: Position, origin: number): readonly string[] {
  const { closed, pending, state } = position
  const next = pending.frontier().indexes.flatMap((index) => closed[index] ?? [])
  const lines = next.map((step) => `  ${describeStep(step, origin)}\n    ${whyNot(position, step, origin)}`)
  const more = lines.length - mostStuck
  return [
    `Then it is ${describeState(state)}. None of these candidates for the next step is possible:`,
    ...lines.slice(0, mostStuck),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ]
}

function describeUnsatisfiable({ state }: Position, { step, tag }: Dependent, origin: number): readonly string[] {
  const seen = step ?? tag.needed[0]
  return [
    `Then it is ${describeState(state)}. Neither that version nor any remaining one can be the predecessor of ${describeVersion(tag.name, tag.value)}, as required by`,
    ...(seen === undefined ? [] : [`  ${describeStep(seen, origin)}`]),
  ]
}

function describeState(state: RegisterState): string {
  switch (state.kind) {
    case 'absent':
      return 'absent'
    case 'gone':
      return 'deleted for good'
    case 'present':
      return describeVersion(state.tag ?? 'with a tag that no response showed', state.value)
  }
}
