/** What all clients of a run know together: who lives, who is gone for certain, and what each group showed when. */

/** Violations and figures of a run. */
export interface IntegrityTally {
  acknowledged: number
  unanswered: number
  /** Answers that nothing was written: 503, or 400 for a member that nothing has. */
  refused: number
  /** Deletes after which a group was seen without the member that it had before, under another tag. */
  removals: number
  readonly violations: string[]
}

/** Shared by the clients of a run. */
export interface World {
  readonly tally: IntegrityTally
  readonly users: Living
  readonly groups: Living
  /** Call it before sending: what is said of the dead later does not bind that request. */
  now(): number
  /** A delete of it has been sent: from now on it may be gone, and it does not matter who wins. */
  doomed(id: string): void
  isDoomed(id: string): boolean
  /** Nobody has this id any more, and nobody will. */
  buried(id: string): void
  /** Was it known at that time that nobody has this id? */
  isDead(id: string, at: number): boolean
  /** One of the last that died, to be named by somebody who has not heard. Undefined before there is one. */
  ghost(pick: (ids: readonly string[]) => string): string | undefined
  /** A group showed these members under this tag. Both belong together for ever, so others under it are a violation. */
  showed(group: string, tag: string, members: readonly string[]): void
}

/** The ids that are thought to be there. */
export type Living = Set<string>

/** Nothing has happened yet. */
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
