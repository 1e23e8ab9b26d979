import type { TenantId } from '../context.js'

/**
 * Names a tenant: 1 to 128 characters, no control characters. Call it with a name that an authenticator has verified, never with a client's
 * input. Throws a TypeError for an empty or missing name, so that a forgotten field never means all tenants.
 * @example
 * ```ts
 * import { tenantId } from '@scimkit/core'
 *
 * const tenant = tenantId('acme')
 * ```
 */
export function tenantId(name: string): TenantId {
  if (typeof name !== 'string' || name.length === 0 || name.length > 128) {
    throw new TypeError('A tenant needs a name of 1 to 128 characters.')
  }
  if ([...name].some((character) => isControl(character) || isLoneSurrogate(character))) {
    throw new TypeError('The name of a tenant cannot have control characters or half of a surrogate pair.')
  }
  return name as TenantId
}

function isControl(character: string): boolean {
  return character < ' ' || (character >= '\u007f' && character <= '\u009f')
}

// Iteration gives whole pairs, so a surrogate that is alone has no partner.
function isLoneSurrogate(character: string): boolean {
  return character >= '\ud800' && character <= '\udfff' && character.length === 1
}
