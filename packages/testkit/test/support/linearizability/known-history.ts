import type { HistoryOperation } from '@scimkit/testkit'

/** A history of which somebody has thought about what the checker must say. */
export interface KnownHistory {
  readonly name: string
  readonly operations: readonly HistoryOperation[]
}
