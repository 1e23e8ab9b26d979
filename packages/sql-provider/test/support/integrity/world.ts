/** The shared knowledge of all clients of a run: existing ids, certainly deleted ids, and the members of groups by tag. */

/** Violations and figures of a run. */
export interface IntegrityTally {
  acknowledged: number
  unanswered: number
  /** Answers that nothing was written: 503, or 400 for a member without a resource. */
  refused: number
  /** Deletes after which a group was read without its previous member, with another tag. */
  removals: number
  readonly violations: string[]
}

/** Shared by the clients of a run. */
export interface World {
  readonly tally: IntegrityTally
  readonly users: Living
  readonly groups: Living
  /** The time before a request is sent: ids that are recorded as deleted later do not affect that request. */
  now(): number
  /** Records that a delete has been sent: from now on the resource may be deleted. */
  doomed(id: string): void
  isDoomed(id: string): boolean
  /** Records that no resource has this id any more, permanently. */
  buried(id: string): void
  /** Whether it was known at that time that no resource has this id. */
  isDead(id: string, at: number): boolean
  /** One of the last deleted ids, for a client that uses it as a member. Undefined if there is none yet. */
  ghost(pick: (ids: readonly string[]) => string): string | undefined
  /** Records the members of a group with this tag, permanently: other members with the same tag are a violation. */
  showed(group: string, tag: string, members: readonly string[]): void
}

/** The ids that probably exist. */
export type Living = Set<string>

/** An empty world. */
export function newWorld(): World {
  const died = new Map<string, number>()
  const doomed = new Set<string>()
  const membersUnder = new Map<string, string>()
  const tally: IntegrityTally = { acknowledged: 0, unanswered: 0, refused: 0, removals: 0, violations: [] }
  const users: Living = new Set()
  const groups: Living = new Set()
  let time = 0
  return {
    tally,
    users,
    groups,
    now: () => ++time,
    doomed: (id) => void doomed.add(id),
    isDoomed: (id) => doomed.has(id),
    buried(id) {
      doomed.add(id)
      if (!died.has(id)) died.set(id, ++time)
      users.delete(id)
      groups.delete(id)
    },
    isDead: (id, at) => (died.get(id) ?? Number.POSITIVE_INFINITY) < at,
    ghost(pick) {
      const last = [...died.keys()].slice(-10)
      return last.length === 0 ? undefined : pick(last)
    },
    showed(group, tag, members) {
      const key = `${group} ${tag}`
      const told = [...members].sort().join(' ')
      const before = membersUnder.get(key)
      if (before === undefined) membersUnder.set(key, told)
      else if (before !== told) tally.violations.push(`${key} had the members ${before}, and has ${told}`)
    },
  }
}
