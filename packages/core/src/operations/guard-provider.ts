import { ScimError } from '../errors.js'
import type { MaybePromise, ResourceProvider } from '../provider/provider.js'

/**
 * A provider whose failures cannot be mistaken for answers: "not found", "conflict" and "precondition failed" are
 * ends that a provider returns. Thrown, they become failures of the server: an identity provider makes users anew on 404.
 */
export function guardProvider(provider: ResourceProvider): ResourceProvider {
  const { keyset, cursorKey, history } = provider
  return {
    ...(keyset !== undefined && { keyset }),
    ...(cursorKey !== undefined && { cursorKey: () => guarded(() => cursorKey.call(provider)) }),
    ...(history !== undefined && {
      history: (ref, context) => guarded(() => history.call(provider, ref, context)),
    }),
    read: (ref, needs, context) => guarded(() => provider.read(ref, needs, context)),
    query: (type, query, context) => guarded(() => provider.query(type, query, context)),
    insert: (ref, next, context) => guarded(() => provider.insert(ref, next, context)),
    replace: (ref, expected, next, context) => guarded(() => provider.replace(ref, expected, next, context)),
    remove: (ref, expected, removal, context) => guarded(() => provider.remove(ref, expected, removal, context)),
  }
}

const returnedNotThrown: readonly number[] = [404, 409, 412]

async function guarded<Value>(call: () => MaybePromise<Value>): Promise<Value> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof ScimError) || !returnedNotThrown.includes(error.status)) throw error
    throw new Error(`The provider threw ${error.status}; it is to return such an end.`, { cause: error })
  }
}
