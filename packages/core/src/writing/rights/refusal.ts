import { type ScimError, scimError } from '../../errors.js'
import type { Attribute } from '../../schema/attribute.js'

const refusals = new WeakSet<object>()

/** The 403 of a write to an attribute that the caller may not change. It names the attribute and no value. */
export function mayNotChange({ path }: Pick<Attribute, 'path'>): ScimError {
  const error = scimError.forbidden(`The attribute "${path}" may not be changed by this caller; nothing was changed.`)
  refusals.add(error)
  return error
}

/** True for such a 403, in contrast to those of the host's own code. */
export function isAttributeRefusal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && refusals.has(error)
}
