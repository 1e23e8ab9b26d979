import { checkHistory, type HistoryOperation, lostWrites, sharedClock, valueFrom } from '@scimkit/linearizability'

export async function run(): Promise<void> {
  const now = await sharedClock()
  const value = valueFrom('Guide')
  const at = (request: HistoryOperation['request'], answer: HistoryOperation['answer']): HistoryOperation => ({
    client: 0,
    server: 0,
    invoked: now(),
    returned: now(),
    request,
    answer,
  })
  const created = at({ kind: 'POST', name: 'ada', value }, { kind: 'answered', status: 201, id: '1', tag: 'A', value })
  const read = at({ kind: 'GET', id: '1' }, { kind: 'answered', status: 200, tag: 'A', value })
  const lost = at({ kind: 'GET', id: '1' }, { kind: 'answered', status: 404 })
  const violations = [[created, read] as const, [created, lost] as const].map(
    ([first, last]) => checkHistory([first, last]).violations.length + lostWrites([first, last], [last]).length,
  )
  if (violations.join() !== '0,2') throw new Error(`expected no violation, then two, got ${violations}`)
}
