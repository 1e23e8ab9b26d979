/** Several authorizers as one. */
import { type Allowed, type AttributeMask, type Authorizer, allow } from '@scimkit/core'

/**
 * An authorizer that permits what all of these permit: they are asked in order, and the first refusal is the answer. Of
 * attributes the caller may read, and change, what all of them allow. Throws a TypeError for none.
 * @example
 * ```ts
 * import { composeAuthorizers, permissions } from '@scimkit/connections'
 * import { allow, refuse } from '@scimkit/core'
 *
 * export const authorize = composeAuthorizers(permissions(), ({ kind }) =>
 *   kind === 'remove' ? refuse('Deactivate the user instead (active: false).') : allow,
 * )
 * ```
 */
export function composeAuthorizers(...authorizers: readonly Authorizer[]): Authorizer {
  if (authorizers.length === 0) throw new TypeError('composeAuthorizers: expected an authorizer')
  for (const authorizer of authorizers) {
    if (typeof authorizer !== 'function') throw new TypeError('composeAuthorizers: expected functions')
  }
  const pairs: Pairs = new WeakMap()
  return async (request, context) => {
    let decision: Allowed = allow
    for (const authorizer of authorizers) {
      const next = await authorizer(request, context)
      // Anything else than a permission is the answer, also what the server does not understand and refuses.
      if (next?.kind !== 'allow') return next
      decision = both(decision, next, pairs)
    }
    return decision
  }
}

// One answer for two answers, so that its masks are compiled once.
type Pairs = WeakMap<Allowed, WeakMap<Allowed, Allowed>>

function both(one: Allowed, other: Allowed, pairs: Pairs): Allowed {
  if (one === allow) return other
  if (other === allow) return one
  const ofOne = pairs.get(one) ?? new WeakMap<Allowed, Allowed>()
  pairs.set(one, ofOne)
  const known = ofOne.get(other)
  if (known !== undefined) return known
  const readable = allOf(one, other, 'readable')
  const writable = allOf(one, other, 'writable')
  // Members that are neither of the two are kept: the server refuses an answer that it does not understand.
  const decision = { ...one, ...other, ...readable, ...writable }
  ofOne.set(other, decision)
  return decision
}

function allOf(one: Allowed, other: Allowed, name: 'readable' | 'writable'): Partial<Allowed> {
  if (!(name in one) || !(name in other)) return {}
  return { [name]: { allOf: [one[name], other[name]] as readonly AttributeMask[] } }
}
