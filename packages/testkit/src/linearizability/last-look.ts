/**
 * What must be there at the end, asked without any search: the last acknowledged write of every resource. The checker
 * says so as well, in a harder way; this is its control, and the sentence that the project promises.
 */
import { describeOperation } from './describe.js'
import type { HistoryOperation } from './operation.js'

/**
 * What a read after the end shows that no last write left: each as text for people. Resources with writes of which
 * nobody knows whether they were carried out are left to the checker.
 */
export function lostAtTheEnd(
  history: readonly HistoryOperation[],
  lastLook: readonly HistoryOperation[],
): readonly string[] {
  const writes = new Map<string, HistoryOperation[]>()
  for (const operation of history) {
    const id = idWritten(operation)
    const own = id === undefined ? undefined : writes.get(id)
    if (own !== undefined) own.push(operation)
    else if (id !== undefined) writes.set(id, [operation])
  }
  const origin = history[0]?.invoked ?? 0
  return lastLook.flatMap((look) => {
    if (look.request.kind !== 'GET' || look.answer.kind === 'unknown') return []
    const own = writes.get(look.request.id) ?? []
    if (own.length === 0 || own.some(({ answer }) => answer.kind === 'unknown')) return []
    const latest = own.reduce((moment, { invoked }) => Math.max(moment, invoked), 0)
    // Those that no other is known to come after.
    const last = own.filter(({ returned }) => returned >= latest)
    if (last.some((write) => isShown(write, look))) return []
    const lines = [...last, look].map((operation) => `  ${describeOperation(operation, origin)}`)
    return [[`resource ${look.request.id}: the last look shows what no last write left`, ...lines].join('\n')]
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
