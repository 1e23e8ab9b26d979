import { type Authorizer, allow, refuse } from '@scimkit/core'
import { insufficientScope } from '../permissions/permissions.js'
import { fullScope, readScope } from '../tokens/scopes.js'

const refused = refuse('The scopes of the token do not permit this operation.', insufficientScope)

/**
 * Permits operations by scope: `scim` all of them, `scim.read` those that change nothing. A caller without scopes is
 * refused: a missing scope never means all of them.
 */
export const byScopes: Authorizer = (request, { scopes = [] }) => {
  if (scopes.includes(fullScope)) return allow
  if (!scopes.includes(readScope)) return refused
  switch (request.kind) {
    case 'get':
    case 'query':
    case 'discover':
      return allow
    case 'me':
      return request.operation === 'get' ? allow : refused
    case 'create':
    case 'replace':
    case 'patch':
    case 'remove':
    case 'bulk':
      return refused
  }
}
