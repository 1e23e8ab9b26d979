import type { Ports } from '../ports.js'
import type { MaybePromise, ResourceProvider } from '../provider/provider.js'
import { type CursorKey, type CursorKeySource, cursorKeysFrom } from './cursor-key.js'

/** The options of a host for the keys. */
export interface CursorKeyOptions {
  readonly cursorKey?: CursorKeySource | readonly CursorKeySource[]
}

/** The keys for the cursors of one provider's lists. */
export type CursorKeysOf = (provider: ResourceProvider) => MaybePromise<readonly CursorKey[]>

/** How long a cursor is valid where the host does not set it: time to work on a page, not to keep it. */
export const defaultCursorSeconds = 3_600

const keyLength = 32

/**
 * The host's keys, else the provider's, else a key of this process, created at its first use: some edge runtimes have
 * no randomness before.
 */
export function cursorKeySource({ cursorKey }: CursorKeyOptions, { randomBytes }: Ports): CursorKeysOf {
  const named = cursorKey === undefined ? undefined : cursorKeysFrom(cursorKey, 'options.cursorKey')
  let own: readonly CursorKey[] | undefined
  return async (provider) => {
    if (named !== undefined) return named
    if (provider.cursorKey !== undefined) return cursorKeysFrom(await provider.cursorKey(), "the provider's cursorKey")
    own ??= [randomBytes(keyLength)]
    return own
  }
}
