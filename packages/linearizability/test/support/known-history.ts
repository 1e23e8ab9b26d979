import type { HistoryOperation } from '@scimkit/linearizability'

/** A history with a known expected result of the checker. */
export interface KnownHistory {
  readonly name: string
  readonly operations: readonly HistoryOperation[]
}
