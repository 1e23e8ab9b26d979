import type { Next, RawVersion, VersionChange } from '@scimkit/core/provider'
import { ownCopy } from './own-copy.js'
import type { Row } from './row.js'

/** Records the insert of a row. */
export function noteInsert(row: Row, keep: number): void {
  note(row, { version: row.state.version, previous: undefined, at: row.state.created, changed: [] }, keep)
}

/** Records a replace; without changed names the history has a detectable gap. */
export function noteReplace(row: Row, previous: RawVersion, { changed }: Next, keep: number): void {
  if (changed === undefined) return
  const { version, lastModified } = row.state
  note(row, { version, previous, at: lastModified, changed: ownCopy(changed) }, keep)
}

/** Records that a group has lost a member. */
export function noteLoss(row: Row, previous: RawVersion, keep: number): void {
  const { version, lastModified } = row.state
  note(row, { version, previous, at: lastModified, changed: ['members'] }, keep)
}

/** The history of a row, newest first. */
export function historyOf(row: Row | undefined): readonly VersionChange[] {
  return [...(row?.history ?? [])].reverse()
}

function note(row: Row, change: VersionChange, keep: number): void {
  if (keep === 0) return
  row.history.push(Object.freeze({ ...change, changed: Object.freeze(change.changed) }))
  if (row.history.length > keep) row.history.shift()
}
