import { type HistoryAnswer, type HistoryOperation, valueFrom } from '@scimkit/linearizability'
import type { SeededRandom } from '../../../testkit/src/seeded-random.js'

const statuses = [200, 201, 204, 304, 404, 409, 412]

/** A history with some parts exchanged. The result may be linearizable or not. */
export function scramble(
  chance: SeededRandom,
  history: readonly HistoryOperation[],
  edits: number,
): HistoryOperation[] {
  const scrambled = [...history]
  for (let i = 0; i < edits; i++) {
    const at = chance.below(scrambled.length)
    const operation = scrambled[at]
    if (operation !== undefined) scrambled[at] = edited(chance, operation, scrambled)
  }
  return scrambled
}

function edited(chance: SeededRandom, operation: HistoryOperation, all: readonly HistoryOperation[]): HistoryOperation {
  const { request, answer, invoked, returned } = operation
  const other = chance.pick(all)
  switch (chance.below(7)) {
    case 0:
      return { ...operation, invoked: Math.max(0, invoked - chance.below(15)), returned: returned + chance.below(15) }
    case 1: {
      const at = other.invoked + chance.below(10)
      return { ...operation, invoked: at, returned: at + chance.below(15) }
    }
    case 2:
      return { ...operation, answer: withAnother(chance, answer, all) }
    case 3:
      return answer.kind === 'answered'
        ? { ...operation, answer: { ...answer, status: chance.pick(statuses) } }
        : operation
    case 4:
      if (request.kind === 'POST' || request.kind === 'SEARCH' || request.kind === 'GET') return operation
      return { ...operation, request: { ...request, ifMatch: chance.pick(tagsOf(all)) } }
    case 5:
      return request.kind === other.request.kind ? { ...operation, answer: other.answer } : operation
    default:
      return { ...operation, answer: { kind: 'unknown', why: 'taken away' } }
  }
}

function withAnother(chance: SeededRandom, answer: HistoryAnswer, all: readonly HistoryOperation[]): HistoryAnswer {
  if (answer.kind === 'unknown') return answer
  if (answer.tag !== undefined && chance.oneIn(2)) return { ...answer, tag: chance.pick(tagsOf(all)) }
  if (answer.value === undefined) return answer
  return { ...answer, value: valueFrom(answer.value.scalar, chance.oneIn(2) ? [] : ['e1', 'e2']) }
}

function tagsOf(all: readonly HistoryOperation[]): readonly string[] {
  return ['W/"1"', ...all.flatMap(({ answer }) => (answer.kind === 'answered' ? (answer.tag ?? []) : []))]
}
