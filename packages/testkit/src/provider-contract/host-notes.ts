import type { MaybePromise, UnitStatement, UnitTemplate } from '@scimkit/core/provider'

/** What a host can do in the unit of a write: add a note to a table of its own, where each note is unique. */
export interface HostNotes {
  /** The work for `unit.run` that adds a note; it fails if there is the same note already. */
  add(note: string): UnitStatement | UnitTemplate | (() => void)
  /** All committed notes. */
  list(): MaybePromise<readonly string[]>
  /** False in memory: what the host's function did before it threw is not undone. */
  readonly rollsBack: boolean
  /** True if the host's code may wait in the unit. */
  readonly waits: boolean
}
