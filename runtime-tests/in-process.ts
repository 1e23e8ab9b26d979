import { createScim, platformPorts } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import { viaHandler } from '@scimkit/testkit'
import { check, type Place } from './contract.js'
import { optionsOf, type Setup } from './setups.js'

/**
 * The core and its callers in one process; `runtime` and `digest` are the expected runtime and digest. The stores are in
 * memory by default.
 */
export function inProcess(
  runtime: string,
  isThere: boolean,
  digest: 'node:crypto' | 'WebCrypto',
  storeOf?: (setup: Setup) => ResourceProvider,
): Place {
  return {
    exchangeWith: (setup) => viaHandler(createScim(optionsOf(setup, storeOf?.(setup))).handle),
    inProcess: true,
    itself: [
      check('runtime', `this is ${runtime}`, () => isThere),
      // WebCrypto returns a promise, node:crypto a value.
      check('digest', `digests are by ${digest}`, () => {
        return typeof platformPorts.digest('') === (digest === 'WebCrypto' ? 'object' : 'string')
      }),
    ],
  }
}
