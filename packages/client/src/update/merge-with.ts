import type { Strategy } from '@scimkit/core/merge'

/** The value of `onConflict`; created by {@link mergeWith}. */
export interface MergeWith {
  readonly strategies: Readonly<Record<string, Strategy>>
  readonly strategy: Strategy
}

/**
 * Merges conflicts attribute by attribute: a change of one side only is kept; an attribute that both sides changed is
 * decided by its strategy, else by `otherwise`. With `fail`, the default, the update ends with `conflict`.
 */
export function mergeWith(
  strategies: Readonly<Record<string, Strategy>> = {},
  otherwise: Strategy = 'fail',
): MergeWith {
  return { strategies, strategy: otherwise }
}
