import type { HistoryOperation } from '@scimkit/linearizability'
import type { RegisterId } from './brute-force.js'

/** Every resource and every name that occurs in a history. */
export function registersIn(operations: readonly HistoryOperation[]): readonly RegisterId[] {
  const ids = new Set<string>()
  const names = new Set<string>()
  for (const { request, answer } of operations) {
    if (request.kind === 'POST' || request.kind === 'SEARCH') {
      if (request.name !== undefined) names.add(request.name)
    } else {
      ids.add(request.id)
    }
    if (answer.kind === 'unknown') continue
    if (answer.id !== undefined && answer.status === 201) ids.add(answer.id)
    for (const { id } of answer.found ?? []) ids.add(id)
  }
  return [...[...ids].map((id) => ({ id })), ...[...names].map((name) => ({ name }))]
}
