/**
 * Checks whether a short history is linearizable, by trying every order. Slow, and written from the RFC independently of
 * the checker: without claims, tag rules or memoization. An independent implementation to compare the checker with.
 */
import type { Change, FoundResource, HistoryAnswer, HistoryOperation } from '@scimkit/linearizability'

/** The register of a history: a resource with this id, or a name that different resources have in turn. */
export type RegisterId = { readonly id: string } | { readonly name: string }

interface Server {
  /** Undefined while the register is absent. */
  readonly now: { readonly tag: string; readonly scalar: string; readonly elements: string } | undefined
  /** All earlier states. */
  readonly past: readonly string[]
}

/** True if some order of the operations that respects real time is a valid sequential execution of a server. */
export function isExplained(operations: readonly HistoryOperation[], register: RegisterId): boolean {
  const ids = new Set(operations.flatMap(idsNamed))
  const own = operations
    .filter((operation) => concerns(operation, register))
    .map((operation) => {
      // A deleted resource may have had the name, unless it is known to have had another name or none.
      const { request } = operation
      const mayHaveHadName = 'name' in register && request.kind === 'DELETE' && !ids.has(request.id)
      return mayHaveHadName
        ? { ...operation, answer: { kind: 'unknown', why: 'another resource' } as const }
        : operation
    })
  const tags = new Set(own.flatMap(tagsIn))
  return place(own, { now: undefined, past: [] }, register, tags)
}

function place(
  left: readonly HistoryOperation[],
  server: Server,
  register: RegisterId,
  tags: ReadonlySet<string>,
): boolean {
  if (left.every(({ answer }) => answer.kind === 'unknown')) return true
  return left.some((operation, i) => {
    const tooLate = left.some((other) => other.answer.kind !== 'unknown' && other.returned < operation.invoked)
    if (tooLate) return false
    const rest = left.filter((_, at) => at !== i)
    return outcomes(server, operation, register, tags).some((next) => place(rest, next, register, tags))
  })
}

function outcomes(
  server: Server,
  operation: HistoryOperation,
  register: RegisterId,
  tags: ReadonlySet<string>,
): readonly Server[] {
  return 'name' in register
    ? nameOutcomes(server, operation, tags)
    : resourceOutcomes(server, operation, register.id, tags)
}

// ── a resource ───────────────────────────────────────────────────────────────────────────────────────────────────

function resourceOutcomes(
  server: Server,
  { request, answer }: HistoryOperation,
  id: string,
  tags: ReadonlySet<string>,
): readonly Server[] {
  const { now, past } = server
  const never: readonly Server[] = []
  const same = [server]
  const become = (tag: string, { scalar, elements }: { scalar: string; elements: string }): readonly Server[] =>
    past.includes(tag) ? never : [{ now: { tag, scalar, elements }, past: [...past, tag] }]
  const anyTag = (made: { scalar: string; elements: string }): readonly Server[] =>
    [...tags, `unseen ${past.length}`].flatMap((tag) => become(tag, made))

  if (answer.kind === 'answered' && answer.flaw !== undefined) return never
  if (request.kind === 'POST') {
    if (now !== undefined || past.length > 0) return never
    const made = texts(request.value)
    if (answer.kind === 'unknown') return anyTag(made)
    if (answer.tag === undefined) return never
    return answer.value !== undefined && !isSame(made, texts(answer.value)) ? never : become(answer.tag, made)
  }
  if (request.kind === 'SEARCH') {
    const hit = answer.kind === 'answered' ? answer.found?.find((one) => one.id === id) : undefined
    if (now === undefined || hit === undefined || hit.tag !== now.tag) return never
    return hit.value === undefined || isSame(texts(hit.value), now) ? same : never
  }
  if (answer.kind === 'unknown') {
    if (now === undefined || request.kind === 'GET' || !admits(request, now.tag)) return never
    return request.kind === 'DELETE' ? [{ now: undefined, past }] : anyTag(applied(now, request.change))
  }
  const { status, tag } = answer
  if (status === 404) return now === undefined ? same : never
  if (now === undefined) return never
  if (request.kind === 'GET') {
    if (status === 304) {
      const holds = request.ifNoneMatch === now.tag && (tag === undefined || tag === now.tag)
      return holds ? same : never
    }
    if (status !== 200 || tag !== now.tag || request.ifNoneMatch === now.tag) return never
    return answer.value === undefined || isSame(texts(answer.value), now) ? same : never
  }
  if (status === 412) return !admits(request, now.tag) && (tag === undefined || tag === now.tag) ? same : never
  if (!admits(request, now.tag) || (status !== 200 && status !== 204)) return never
  if (request.kind === 'DELETE') return [{ now: undefined, past }]
  if (tag === undefined) return never
  const made = applied(now, request.change)
  if (answer.value !== undefined && !isSame(made, texts(answer.value))) return never
  if (tag !== now.tag) return become(tag, made)
  return isSame(made, now) ? same : never
}

type Conditions = { readonly ifMatch?: string; readonly ifNoneMatch?: string }

function admits({ ifMatch, ifNoneMatch }: Conditions, tag: string): boolean {
  return (ifMatch === undefined || ifMatch === tag) && (ifNoneMatch === undefined || ifNoneMatch !== tag)
}

interface Texts {
  readonly scalar: string
  readonly elements: string
}

function texts({ scalar, elements }: { readonly scalar: string; readonly elements: readonly string[] }): Texts {
  return { scalar, elements: [...elements].sort().join(' ') }
}

function isSame(one: Texts, other: Texts): boolean {
  return one.scalar === other.scalar && one.elements === other.elements
}

function applied({ scalar, elements }: Texts, change: Change): Texts {
  if (change.kind === 'put') return texts(change.value)
  if (change.kind === 'set') return { scalar: change.scalar, elements }
  const list = elements === '' ? [] : elements.split(' ')
  return texts({ scalar, elements: list.includes(change.element) ? list : [...list, change.element] })
}

// ── a name ───────────────────────────────────────────────────────────────────────────────────────────────────────

function nameOutcomes(
  { now, past }: Server,
  { request, answer }: HistoryOperation,
  ids: ReadonlySet<string>,
): readonly Server[] {
  const never: readonly Server[] = []
  const same = [{ now, past }]
  const take = (id: string): readonly Server[] =>
    past.includes(id) ? never : [{ now: { tag: id, scalar: '', elements: '' }, past: [...past, id] }]
  if (request.kind === 'POST') {
    if (answer.kind === 'unknown') {
      return now === undefined ? [...ids, `unseen ${past.length}`].flatMap(take) : never
    }
    if (answer.status === 409) return now === undefined ? never : same
    return answer.status === 201 && answer.id !== undefined && now === undefined ? take(answer.id) : never
  }
  if (request.kind === 'SEARCH') {
    if (answer.kind === 'unknown' || answer.status !== 200) return never
    if (answer.found === undefined || answer.found.length > 1) return never
    return answer.found[0]?.id === now?.tag ? same : never
  }
  return request.kind === 'DELETE' && request.id === now?.tag ? [{ now: undefined, past }] : never
}

// ── the operations of a register, and their tags ──────────────────────────────────────────────────────────────────

function concerns({ request, answer }: HistoryOperation, register: RegisterId): boolean {
  const isOpen = answer.kind === 'unknown'
  if ('id' in register) {
    if (request.kind === 'POST') return isOpen || (answer.status === 201 && answer.id === register.id)
    if (request.kind === 'SEARCH')
      return !isOpen && hits(answer).some(({ id, tag }) => id === register.id && tag !== undefined)
    return request.id === register.id && !(request.kind === 'GET' && isOpen)
  }
  if (request.kind === 'POST') return request.name === register.name
  if (request.kind === 'SEARCH') return request.name === register.name && !isOpen
  return request.kind === 'DELETE' && (isOpen || answer.status === 204 || answer.status === 200)
}

function idsNamed({ request, answer }: HistoryOperation): readonly string[] {
  if (answer.kind === 'unknown' || (request.kind !== 'POST' && request.kind !== 'SEARCH')) return []
  const made = answer.status === 201 && answer.id !== undefined ? [answer.id] : []
  return [...made, ...hits(answer).map(({ id }) => id)]
}

function hits(answer: Extract<HistoryAnswer, { readonly kind: 'answered' }>): readonly FoundResource[] {
  return answer.found ?? []
}

function tagsIn({ request, answer }: HistoryOperation): readonly string[] {
  const inAnswer =
    answer.kind === 'unknown' ? [] : [answer.tag, answer.id, ...hits(answer).flatMap(({ id, tag }) => [id, tag])]
  const conditions =
    request.kind === 'POST' || request.kind === 'SEARCH'
      ? []
      : [request.id, 'ifMatch' in request && request.ifMatch, request.ifNoneMatch]
  return [...inAnswer, ...conditions].filter((text): text is string => typeof text === 'string')
}
