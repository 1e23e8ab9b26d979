/**
 * Why there is no order, for people: how far the longest attempt came, what the register held then, and why none of
 * those whose turn it could be can have it, or who waits in vain. They are few: never more than there are clients.
 */
import { describeStep, describeVersion } from './describe.js'
import type { Heir } from './lineage.js'
import type { Position } from './position.js'
import type { RegisterState } from './register.js'
import { whyNot } from './why-not.js'

const mostRecent = 4
const mostStuck = 8

/** The window around the position that got farthest. Times are milliseconds since `origin`. */
export function explain(title: string, position: Position, origin: number): string {
  const { closed, pending, played, state } = position
  const recent = played.slice(-mostRecent).map(({ move }) => `  ${describeStep(move.step, origin)}`)
  const heir = position.lineage.disinherited(state)
  return [
    `${title}: no order explains its ${closed.length} operations; ${pending.done()} could be put in order.`,
    ...(recent.length === 0 ? [] : ['The last of these:', ...recent]),
    ...(heir === undefined ? stuck(position, origin) : inVain(position, heir, origin)),
  ].join('\n')
}

function stuck(position: Position, origin: number): readonly string[] {
  const { closed, pending, state } = position
  const next = pending.frontier().indexes.flatMap((index) => closed[index] ?? [])
  const lines = next.map((step) => `  ${describeStep(step, origin)}\n    ${whyNot(position, step, origin)}`)
  const more = lines.length - mostStuck
  return [
    `Then it is ${describeState(state)}. What has to come next cannot:`,
    ...lines.slice(0, mostStuck),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ]
}

function inVain({ state }: Position, { step, tag }: Heir, origin: number): readonly string[] {
  const seen = step ?? tag.needed[0]
  return [
    `Then it is ${describeState(state)}. Neither that nor anything still to come leads to ${describeVersion(tag.name, tag.value)}, as in`,
    ...(seen === undefined ? [] : [`  ${describeStep(seen, origin)}`]),
  ]
}

function describeState(state: RegisterState): string {
  switch (state.kind) {
    case 'absent':
      return 'absent'
    case 'gone':
      return 'gone for good'
    case 'present':
      return describeVersion(state.tag ?? 'under a tag that nobody has seen', state.value)
  }
}
