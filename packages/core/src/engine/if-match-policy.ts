/**
 * Whether a write must name the version that it is based on. Off by default: the large identity providers send no
 * `If-Match`, and the SCIM interoperability profile forbids it to clients (draft-zollner-scim-interop-profile).
 * @see RFC 6585 §3 (428); ADR 7
 */
import { checkKnownType } from './known-type.js'

/** For all resource types, or by name; a type that is not named is `never`. */
export type IfMatchPolicy = 'never' | 'always' | Readonly<Record<string, 'never' | 'always'>>

/** True if PUT, PATCH and DELETE of this type require `If-Match`. */
export function demandsIfMatch(policy: IfMatchPolicy, type: string): boolean {
  if (typeof policy === 'string') return policy === 'always'
  return Object.hasOwn(policy, type) && policy[type] === 'always'
}

/**
 * Throws a TypeError for an invalid policy. `types` are the names of the resource types; undefined if they are not
 * known yet.
 */
export function checkIfMatchPolicy(policy: IfMatchPolicy, types: Iterable<string> | undefined): void {
  if (policy === 'never' || policy === 'always') return
  if (typeof policy !== 'object' || policy === null) {
    throw new TypeError("options.requireIfMatch: expected 'never', 'always' or an object of them by resource type")
  }
  const known = types && [...types]
  for (const [type, rule] of Object.entries(policy)) {
    if (rule !== 'never' && rule !== 'always') {
      throw new TypeError(`options.requireIfMatch.${type}: expected 'never' or 'always'`)
    }
    checkKnownType('requireIfMatch', type, known)
  }
}
