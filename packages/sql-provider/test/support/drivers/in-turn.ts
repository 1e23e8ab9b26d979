import type { ResourceProvider } from '@scimkit/core/provider'

/** One provider over several: each call uses the next one, like several processes on one store. */
export function inTurn(providers: readonly [ResourceProvider, ...ResourceProvider[]]): ResourceProvider {
  let calls = 0
  const next = (): ResourceProvider => providers[calls++ % providers.length] ?? providers[0]
  const { supports } = providers[0]
  return {
    ...(supports !== undefined && { supports }),
    createdWith: (...parameters) => next().createdWith?.(...parameters),
    read: (...parameters) => next().read(...parameters),
    query: (...parameters) => next().query(...parameters),
    insert: (...parameters) => next().insert(...parameters),
    replace: (...parameters) => next().replace(...parameters),
    remove: (...parameters) => next().remove(...parameters),
  }
}
