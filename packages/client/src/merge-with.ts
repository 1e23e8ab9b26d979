import type { Strategy } from '@scimkit/core'

/** What `onConflict` takes; made by {@link mergeWith}. */
export interface MergeWith {
  readonly strategies: Readonly<Record<string, Strategy>>
  readonly strategy: Strategy
}

/**
 * Conflicts are merged, attribute by attribute: what only one side changed is kept; what both changed is decided by
 * the strategy of that attribute, else by `otherwise`. With `fail`, the default, the update ends with `conflict`.
 */
export function mergeWith(
  strategies: Readonly<Record<string, Strategy>> = {},
  otherwise: Strategy = 'fail',
): MergeWith {
  return { strategies, strategy: otherwise }
}
