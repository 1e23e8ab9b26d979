import type { RateLimitOptions, ScimOptions, WaitUntil } from '@scimkit/core'
import { dividedLimits } from './command/limit-flag.js'
import type { ServeFlags } from './command/serve-command.js'
import { passwordsIn } from './secrets/passwords.js'
import type { OpenStore } from './store/store.js'
import type { Log } from './terminal/log.js'

/** The parts of a server that its core calls. */
export interface ServerParts {
  readonly store: OpenStore
  readonly rateLimit: RateLimitOptions | undefined
  readonly log: Log
  readonly waitUntil: WaitUntil
}

/** The options of the core, from the flags of `scimkit serve`, without those about callers. */
export function scimOptions(flags: ServeFlags, { store, log, waitUntil, rateLimit }: ServerParts): ScimOptions {
  const { provider, facts } = store
  return {
    provider,
    trustProxy: flags.trustProxy,
    quotas: flags.quota,
    unknownMembers: flags.unknownMembers,
    onEvent: log.event,
    onError: log.failure,
    waitUntil,
    interop: flags.interop,
    limits: dividedLimits(flags.limit).server,
    ...(rateLimit !== undefined && { rateLimit }),
    ...(flags.baseUrl === undefined ? {} : { baseUrl: flags.baseUrl }),
    ...(flags.hosts === undefined ? {} : { hosts: flags.hosts }),
    ...(flags.passwords === 'hash' ? { secrets: passwordsIn(facts, provider) } : {}),
  }
}
