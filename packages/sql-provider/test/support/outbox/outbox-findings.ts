/**
 * Compares the outbox with the store. Every version has a nonce of its own, so the changes of a resource form a chain: each begins
 * at the version at which the one before ended, the last one ends at the stored version. A commit without a row, a row without a
 * commit, two rows for one commit and a wrong order all break the chain.
 */
import type { Change } from '../../../src/outbox/change.js'
import type { Acknowledged } from './outbox-processes.js'

/** The stored version of each resource, by {@link keyOfResource}. */
export type StoredVersions = ReadonlyMap<string, string>

/** Identifies a resource. */
export function keyOfResource({ type, id }: { readonly type: string; readonly id: string }): string {
  return `${type}/${id}`
}

/** Where the outbox and the store differ; empty if each commit has exactly one row, in order. */
export function brokenChains(changes: readonly Change[], stored: StoredVersions): readonly string[] {
  const broken: string[] = []
  const last = new Map<string, string | undefined>()
  let position = 0
  for (const { position: next, ref, kind, before, after } of changes) {
    if (next !== position + 1 && position > 0) broken.push(`position ${next} follows position ${position}`)
    position = next
    const key = keyOfResource(ref)
    const known = last.get(key)
    if (known !== before) broken.push(`${key}: ${kind} begins at ${before}, the change before ended at ${known}`)
    last.set(key, after)
  }
  for (const [key, version] of last) {
    if (stored.get(key) !== version)
      broken.push(`${key}: the last change is to ${version}, stored is ${stored.get(key)}`)
  }
  for (const key of stored.keys()) if (!last.has(key)) broken.push(`${key}: stored without a change`)
  return broken
}

/** Acknowledged changes that do not have exactly one row. */
export function notRecordedOnce(acknowledged: readonly Acknowledged[], changes: readonly Change[]): readonly string[] {
  const rows = new Map<string, number>()
  const nameOf = (key: string, after: string | undefined): string => `${key} → ${after ?? 'removed'}`
  for (const { ref, after } of changes) {
    const name = nameOf(keyOfResource(ref), after)
    rows.set(name, (rows.get(name) ?? 0) + 1)
  }
  return acknowledged.flatMap((change) => {
    const name = nameOf(keyOfResource(change), 'after' in change ? change.after : undefined)
    const count = rows.get(name) ?? 0
    return count === 1 ? [] : [`${name}: acknowledged, ${count} rows`]
  })
}

/** Violations in the log of the consumers: changes that were not delivered, or before an earlier change of their resource. */
export function wrongDeliveries(log: string, changes: readonly Change[]): readonly string[] {
  const ended = new Set<number>()
  const earlier = new Map<number, readonly number[]>()
  const ofResource = new Map<string, number[]>()
  for (const { position, ref } of changes) {
    const positions = ofResource.get(keyOfResource(ref)) ?? []
    ofResource.set(keyOfResource(ref), positions)
    earlier.set(position, [...positions.slice(-1)])
    positions.push(position)
  }
  const wrong: string[] = []
  for (const line of log.split('\n')) {
    if (line === '') continue
    const [what, position] = JSON.parse(line) as readonly ['begin' | 'end', number]
    if (what === 'end') ended.add(position)
    else if (earlier.get(position)?.some((one) => !ended.has(one)) === true) {
      wrong.push(`position ${position} was delivered before the change before it`)
    }
  }
  for (const { position } of changes) if (!ended.has(position)) wrong.push(`position ${position} was not delivered`)
  return wrong
}
