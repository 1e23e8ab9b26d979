/** An authorizer from data: what the scopes of a caller permit. */
import {
  type Allowed,
  type AttributeMask,
  type AuthorizationDecision,
  type AuthorizationRequest,
  type Authorizer,
  allow,
  allowOnly,
  refuse,
} from '@scimkit/core'
import type { PermissionData, PermissionRule, PermittedOperation } from './data.js'
import { readPermissions } from './read-data.js'

/**
 * The `WWW-Authenticate` of a refusal for credentials whose scopes this server does not know, or that have none.
 * @see RFC 6750 §3.1
 */
export const insufficientScope = 'Bearer realm="SCIM", error="insufficient_scope", scope="scim"'

/**
 * The authorizer of these rules: an operation is permitted if a rule of one of the caller's scopes permits it. Of
 * attributes the caller may read, and change, what one of the permitting rules allows. Throws a TypeError that names the
 * wrong place in the data.
 * @example
 * ```ts
 * import { permissions } from '@scimkit/connections'
 *
 * export const authorize = permissions({
 *   scopes: {
 *     'scim.helpdesk': [
 *       { types: ['User'], operations: ['get', 'query', 'patch'], writable: { only: ['active', 'phoneNumbers'] } },
 *       { operations: ['discover'] },
 *     ],
 *   },
 * })
 * ```
 */
export function permissions(data: PermissionData = {}): Authorizer {
  const { scopes, withoutScopes } = readPermissions(data)
  const decided: Decided = new Map()
  // An authenticator may return the same scopes for many requests.
  const ofScopes = new WeakMap<readonly string[], ScopeRules>()
  const rulesOf = (given: readonly string[]): ScopeRules => {
    const before = ofScopes.get(given)
    if (before !== undefined && Object.isFrozen(given)) return before
    const known = given.filter((scope) => scopes.has(scope))
    const found = { isKnown: known.length > 0, rules: [...new Set(known.flatMap((scope) => scopes.get(scope) ?? []))] }
    ofScopes.set(given, found)
    return found
  }
  const noScopes: ScopeRules = { isKnown: false, rules: withoutScopes }
  return (request, context): AuthorizationDecision => {
    const { isKnown, rules } = context.scopes === undefined ? noScopes : rulesOf(context.scopes)
    if (rules.length === 0 && !isKnown) {
      return refuse('The credentials have no scope for this server.', insufficientScope)
    }
    const permitting = rules.filter((rule) => permits(rule, request))
    if (permitting.length === 0) return refuse('The scopes of the credentials do not permit this operation.')
    return together(permitting, decided)
  }
}

interface ScopeRules {
  /** Whether this server knows one of the scopes. */
  readonly isKnown: boolean
  readonly rules: readonly PermissionRule[]
}

function permits({ types, operations }: PermissionRule, request: AuthorizationRequest): boolean {
  if (types !== undefined && request.type !== undefined && !types.includes(request.type)) return false
  const has = (kind: PermittedOperation): boolean => operations === undefined || operations.includes(kind)
  return has(request.kind) && (request.kind !== 'me' || has(request.operation))
}

// By the rules that permit together, so that each combination is one answer, whose masks are compiled once.
type Decided = Map<PermissionRule, { readonly decision: Allowed; readonly next: Decided }>

function together(rules: readonly PermissionRule[], decided: Decided): Allowed {
  let at = decided
  let decision: Allowed = allow
  for (const [i, rule] of rules.entries()) {
    let known = at.get(rule)
    if (known === undefined) {
      known = { decision: union(rules.slice(0, i + 1)), next: new Map() }
      at.set(rule, known)
    }
    at = known.next
    decision = known.decision
  }
  return decision
}

function union(rules: readonly PermissionRule[]): Allowed {
  const readable = anyOf(rules.map((rule) => rule.readable))
  const writable = anyOf(rules.map((rule) => rule.writable))
  if (readable === undefined && writable === undefined) return allow
  return allowOnly({ ...(readable !== undefined && { readable }), ...(writable !== undefined && { writable }) })
}

// A rule without a mask limits nothing.
function anyOf(masks: readonly (AttributeMask | undefined)[]): AttributeMask | undefined {
  const given = masks.filter((mask) => mask !== undefined)
  if (given.length < masks.length) return undefined
  const [only, another] = given
  return another === undefined ? only : { anyOf: given }
}
