/**
 * Checks without a search that the last acknowledged write of every resource is present at the end. The linearizability
 * checker covers this too, with a more complex algorithm; this is an independent control of it, and it is the guarantee
 * that the project states.
 */
import { describeOperation } from './history/describe.js'
import type { HistoryOperation } from './history/operation.js'

/**
 * Final reads whose state no last write explains, described as text. Resources with writes of unknown outcome are left
 * to the checker.
 */
export function lostWrites(
  history: readonly HistoryOperation[],
  finalReads: readonly HistoryOperation[],
): readonly string[] {
  const writes = new Map<string, HistoryOperation[]>()
  for (const operation of history) {
    const id = idWritten(operation)
    const own = id === undefined ? undefined : writes.get(id)
    if (own !== undefined) own.push(operation)
    else if (id !== undefined) writes.set(id, [operation])
  }
  const origin = history[0]?.invoked ?? 0
  return finalReads.flatMap((look) => {
    if (look.request.kind !== 'GET' || look.answer.kind === 'unknown') return []
    const own = writes.get(look.request.id) ?? []
    if (own.length === 0 || own.some(({ answer }) => answer.kind === 'unknown')) return []
    const latest = own.reduce((moment, { invoked }) => Math.max(moment, invoked), 0)
    // The writes that are not known to precede another one.
    const last = own.filter(({ returned }) => returned >= latest)
    if (last.some((write) => isShown(write, look))) return []
    const lines = [...last, look].map((operation) => `  ${describeOperation(operation, origin)}`)
    return [[`resource ${look.request.id}: the final read shows a state that no last write left`, ...lines].join('\n')]
  })
}

function idWritten({ request, answer }: HistoryOperation): string | undefined {
  const isWritten = answer.kind === 'unknown' || (answer.status >= 200 && answer.status < 300)
  if (!isWritten) return undefined
  switch (request.kind) {
    case 'POST':
      return answer.kind === 'answered' ? answer.id : undefined
    case 'PUT':
    case 'PATCH':
    case 'DELETE':
      return request.id
    default:
      return undefined
  }
}

function isShown({ request, answer }: HistoryOperation, look: HistoryOperation): boolean {
  if (answer.kind === 'unknown' || look.answer.kind === 'unknown') return false
  if (request.kind === 'DELETE') return look.answer.status === 404
  const isSame = answer.value === undefined || answer.value.key === look.answer.value?.key
  return look.answer.status === 200 && look.answer.tag === answer.tag && isSame
}
