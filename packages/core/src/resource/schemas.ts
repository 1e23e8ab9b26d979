import type { ScimError } from '../errors.js'
import type { InteropSwitches } from '../interop.js'
import { isArray, type JsonValue } from '../json/value.js'

/** The URNs that the `schemas` of a body must name, and the error for a body without them. */
export interface WantedSchema {
  /** The URN as error texts show it. */
  readonly urn: string
  /** True for a URN, in lower case, of the wanted schema. */
  readonly isNamedBy: (urn: string) => boolean
  /** Creates the error: invalidSyntax for a message, invalidValue for a resource. */
  readonly refuse: (detail: string) => ScimError
}

/**
 * The URNs in the `schemas` of a body, in lower case: the one rule for resources and messages. None if the body has no
 * `schemas` and that is allowed. Throws the error of `wanted.refuse`.
 * @see RFC 7643 §3; RFC 7644 §3.1
 */
export function checkSchemas(
  schemas: JsonValue | undefined,
  { urn, isNamedBy, refuse }: WantedSchema,
  interop: InteropSwitches,
): readonly string[] {
  if (schemas === undefined || schemas === null || (isArray(schemas) && schemas.length === 0)) {
    if (interop.missingSchemas) return []
    throw refuse(`schemas is required and must name ${urn}.`)
  }
  if (!isArray(schemas) && !interop.singleForList) throw refuse('schemas must be a list of URNs.')
  const urns = (isArray(schemas) ? schemas : [schemas]).map((given) => {
    if (typeof given !== 'string') throw refuse('schemas must be a list of URNs.')
    return given.toLowerCase()
  })
  if (!urns.some(isNamedBy) && !interop.acceptForeignSchemas) throw refuse(`schemas must name ${urn}.`)
  return urns
}
