import { ScimError } from '../errors.js'
import type { MaybePromise, ResourceProvider } from '../provider/provider.js'
import {
  anything,
  changes,
  conditional,
  key,
  page,
  type Rule,
  removed,
  storedOrNothing,
  written,
} from './provider-answers.js'
import { shapeOf } from './shape-of.js'

const required = ['read', 'query', 'insert', 'replace', 'remove'] as const

const insertedKinds = "'success' | 'duplicate' | 'unknownMembers' | 'overQuota'"
const replacedKinds = "'success' | 'versionMismatch' | 'notFound' | 'duplicate' | 'unknownMembers'"
const removedKinds = "'success' | 'versionMismatch' | 'notFound'"

const rules = {
  insert: (value: unknown) => conditional(value, insertedKinds, written),
  replace: (value: unknown) => conditional(value, replacedKinds, written),
  remove: (value: unknown) => conditional(value, removedKinds, removed),
  indexPage: (value: unknown) => page(value, false),
  keysetPage: (value: unknown) => page(value, true),
} as const

/**
 * A provider whose failures cannot be mistaken for results. "Not found", "conflict" and "precondition failed" are
 * results that a provider returns. Thrown, they become failures of the server: an identity provider recreates users on
 * 404. A returned value of another shape than the interface has becomes a TypeError that names the function and the
 * rule, so that nothing is acknowledged that the store may not have done. Throws a TypeError for a provider without one
 * of its functions.
 */
export function guardProvider(provider: ResourceProvider): ResourceProvider {
  for (const name of required) {
    const type = typeof provider?.[name]
    if (type !== 'function') throw new TypeError(`provider.${name}: expected a function, got ${type}`)
  }
  const { keyset, supports, recordsChanges, cursorKey, history, willRead, hasRoomFor } = provider
  return {
    ...(keyset !== undefined && { keyset }),
    ...(supports !== undefined && { supports }),
    ...(recordsChanges !== undefined && { recordsChanges }),
    ...(cursorKey !== undefined && { cursorKey: () => guarded('cursorKey', key, () => cursorKey.call(provider)) }),
    ...(history !== undefined && {
      history: (ref, context) => guarded('history', changes, () => history.call(provider, ref, context)),
    }),
    ...(willRead !== undefined && {
      willRead: (refs, context) => guarded('willRead', anything, () => willRead.call(provider, refs, context)),
    }),
    ...(hasRoomFor !== undefined && { hasRoomFor: (updates, context) => hasRoomFor.call(provider, updates, context) }),
    read: (ref, needs, context) => guarded('read', storedOrNothing, () => provider.read(ref, needs, context)),
    query: (type, query, context) =>
      guarded('query', 'after' in query.page ? rules.keysetPage : rules.indexPage, () =>
        provider.query(type, query, context),
      ),
    insert: (ref, next, context) => guarded('insert', rules.insert, () => provider.insert(ref, next, context)),
    replace: (ref, expected, next, context) =>
      guarded('replace', rules.replace, () => provider.replace(ref, expected, next, context)),
    remove: (ref, expected, removal, context) =>
      guarded('remove', rules.remove, () => provider.remove(ref, expected, removal, context)),
  }
}

const returnedNotThrown: readonly number[] = [404, 409, 412]

async function guarded<Value>(name: string, rule: Rule, call: () => MaybePromise<Value>): Promise<Value> {
  const value = await returned(call)
  const broken = rule(value)
  if (broken === undefined) return value
  throw new TypeError(`provider.${name} returned ${shapeOf(value)}: ${broken}`)
}

async function returned<Value>(call: () => MaybePromise<Value>): Promise<Value> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof ScimError) || !returnedNotThrown.includes(error.status)) throw error
    throw new Error(`The provider threw ${error.status}; it must return this result instead.`, { cause: error })
  }
}
