/**
 * Mutations that make a linearizable history certainly not linearizable. Each takes a history in which every request got a
 * response and nothing was deleted, and returns undefined if it cannot be applied.
 */
import {
  type HistoryAnswer,
  type HistoryOperation,
  type HistoryRequest,
  type Value,
  valueFrom,
} from '@scimkit/linearizability'
import type { SeededRandom } from '../../../testkit/src/seeded-random.js'

/** One mutation. */
export interface Breakage {
  readonly name: string
  readonly apply: (
    chance: SeededRandom,
    history: readonly HistoryOperation[],
  ) => readonly HistoryOperation[] | undefined
}

/** A write that created a new version. */
interface Version {
  readonly operation: HistoryOperation
  readonly ifMatch: string | undefined
  readonly tag: string
  readonly value: Value
}

/** All mutations. */
export const breakages: readonly Breakage[] = [
  {
    name: 'a read shows a version that was overwritten before it was sent',
    apply: (chance, history) =>
      withOldRead(chance, history, ({ tag, value }, id) => ({
        request: { kind: 'GET', id },
        answer: { kind: 'answered', status: 200, tag, value },
      })),
  },
  {
    name: '304 for a version that was overwritten before it was sent',
    apply: (chance, history) =>
      withOldRead(chance, history, ({ tag }, id) => ({
        request: { kind: 'GET', id, ifNoneMatch: tag },
        answer: { kind: 'answered', status: 304 },
      })),
  },
  {
    name: 'a refused write is acknowledged: two successful writes on one tag',
    apply: (chance, history) => {
      const won = new Set(versionsIn(history).map(({ ifMatch }) => ifMatch))
      const refused = history.filter(({ request, answer }) => {
        const isRefused = answer.kind === 'answered' && answer.status === 412
        return isRefused && request.kind === 'PUT' && request.ifMatch !== undefined && won.has(request.ifMatch)
      })
      return withOther(chance, refused, history, () => ({ kind: 'answered', status: 200, tag: 'W/"second"' }))
    },
  },
  {
    name: 'a write with the current tag is refused',
    apply: (chance, history) => {
      const versions = versionsIn(history).filter(({ ifMatch }) => ifMatch !== undefined)
      const chosen = versions.length === 0 ? undefined : chance.pick(versions)
      if (chosen?.ifMatch === undefined) return undefined
      const { operation, ifMatch } = chosen
      return withOther(chance, [operation], history, () => ({ kind: 'answered', status: 412, tag: ifMatch }))
    },
  },
  {
    name: '404 for an existing resource',
    apply: (chance, history) => {
      const made = history.find(({ answer }) => answer.kind === 'answered' && answer.status === 201)
      const later = readsIn(history).filter(({ invoked }) => made !== undefined && invoked > made.returned)
      return withOther(chance, later, history, () => ({ kind: 'answered', status: 404 }))
    },
  },
  {
    name: 'a read of a value that no request wrote',
    apply: (chance, history) =>
      withOther(chance, readsIn(history), history, (answer) => ({ ...answer, value: valueFrom('ghost') })),
  },
  {
    name: 'a read of a tag that no write created',
    apply: (chance, history) =>
      withOther(chance, readsIn(history), history, (answer) => ({ ...answer, tag: 'W/"ghost"' })),
  },
  {
    name: 'a write creates a tag that was used before',
    apply: (chance, history) => {
      const [older, newer] = inOrder(chance, history) ?? []
      if (older === undefined || newer === undefined || older.value.key === newer.value.key) return undefined
      return withOther(chance, [newer.operation], history, (answer) => ({ ...answer, tag: older.tag }))
    },
  },
]

type Answered = Extract<HistoryAnswer, { readonly kind: 'answered' }>

function withOldRead(
  chance: SeededRandom,
  history: readonly HistoryOperation[],
  readOf: (version: Version, id: string) => { readonly request: HistoryRequest; readonly answer: HistoryAnswer },
): readonly HistoryOperation[] | undefined {
  const [older, newer] = inOrder(chance, history) ?? []
  if (older === undefined || newer === undefined) return undefined
  const late = readsIn(history).filter(({ invoked }) => invoked > newer.operation.returned)
  if (late.length === 0) return undefined
  const chosen = chance.pick(late)
  const { request } = chosen
  if (request.kind !== 'GET') return undefined
  return history.map((operation) => (operation === chosen ? { ...chosen, ...readOf(older, request.id) } : operation))
}

/** Two versions: the first write got its response before the second was sent. */
function inOrder(chance: SeededRandom, history: readonly HistoryOperation[]): readonly [Version, Version] | undefined {
  const versions = versionsIn(history)
  if (versions.length === 0) return undefined
  const older = chance.pick(versions)
  const later = versions.filter(({ operation }) => operation.invoked > older.operation.returned)
  return later.length === 0 ? undefined : [older, chance.pick(later)]
}

// Only versions whose tag no other response has: then the write certainly changed the value.
function versionsIn(history: readonly HistoryOperation[]): readonly Version[] {
  const versions = history.flatMap((operation): readonly Version[] => {
    const { request, answer } = operation
    if ((request.kind !== 'PUT' && request.kind !== 'PATCH') || answer.kind !== 'answered') return []
    const { status, tag, value } = answer
    if (status !== 200 || tag === undefined || value === undefined) return []
    return [{ operation, ifMatch: request.ifMatch, tag, value }]
  })
  const tags = new Map<string, number>()
  for (const { answer, request } of history) {
    if (request.kind === 'GET' || request.kind === 'SEARCH' || answer.kind !== 'answered') continue
    if (answer.tag === undefined || answer.status >= 300) continue
    tags.set(answer.tag, (tags.get(answer.tag) ?? 0) + 1)
  }
  return versions.filter(({ tag, ifMatch }) => tags.get(tag) === 1 && tag !== ifMatch)
}

function readsIn(history: readonly HistoryOperation[]): readonly HistoryOperation[] {
  return history.filter(
    ({ request, answer }) => request.kind === 'GET' && answer.kind === 'answered' && answer.status === 200,
  )
}

function withOther(
  chance: SeededRandom,
  candidates: readonly HistoryOperation[],
  history: readonly HistoryOperation[],
  other: (answer: Answered) => HistoryAnswer,
): readonly HistoryOperation[] | undefined {
  if (candidates.length === 0) return undefined
  const chosen = chance.pick(candidates)
  const { answer } = chosen
  if (answer.kind !== 'answered') return undefined
  return history.map((operation) => (operation === chosen ? { ...chosen, answer: other(answer) } : operation))
}
