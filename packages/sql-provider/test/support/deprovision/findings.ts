/** What may not be found at the end: a lost or invented delivery, another order, a session of an inactive user. */
import type { Received } from '../../../../../examples/deprovision/chat.js'
import type { Person } from './person.js'
import type { StoredAccount } from './watch-file.js'

/** Every change of every user was stored by the outside system, in the order of the changes, and no other one. */
export function deliveryFindings(people: readonly Person[], received: readonly Received[]): readonly string[] {
  const byUser = new Map<string, Received[]>()
  for (const one of received) byUser.set(one.id, [...(byUser.get(one.id) ?? []), one])
  return people.flatMap(({ id, states }) => {
    const all = byUser.get(id) ?? []
    const findings: string[] = []
    const accepted = new Map<number, boolean>()
    for (const { position, active, result } of all) {
      const earlier = all.filter((other) => other.position < position)
      if (earlier.some((other) => !accepted.has(other.position))) {
        findings.push(`${id}: position ${position} arrived before an earlier change was accepted`)
      }
      if (result === 'repeated' && !accepted.has(position))
        findings.push(`${id}: position ${position} arrived too late`)
      if (result === 'stored') accepted.set(position, active)
    }
    const delivered = [...accepted.values()]
    if (JSON.stringify(delivered) !== JSON.stringify(states)) {
      findings.push(`${id}: delivered ${JSON.stringify(delivered)}, expected ${JSON.stringify(states)}`)
    }
    return findings
  })
}

/** Inactive users have no session and no token; active users have all of theirs. */
export function sessionFindings(people: readonly Person[], accounts: readonly StoredAccount[]): readonly string[] {
  const stored = new Map(accounts.map((account) => [account.id, account]))
  return people.flatMap(({ id, states, access }) => {
    const account = stored.get(id)
    if (account === undefined) return [`${id}: no account`]
    const isActive = states.at(-1)
    if (account.active !== isActive) return [`${id}: active is ${account.active} in the database, expected ${isActive}`]
    const { sessions, tokens } = account
    if (!isActive) {
      return sessions.length + tokens.length === 0 ? [] : [`${id}: inactive, with ${sessions.length} sessions`]
    }
    return access
      .filter(({ session, refresh }) => !sessions.includes(session) || !tokens.includes(refresh))
      .map(() => `${id}: active, and a session or token is gone`)
  })
}
