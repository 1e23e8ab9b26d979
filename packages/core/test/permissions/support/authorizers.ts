/** Servers with an authorizer, and authorizers that refuse. */
import { type AuthorizationRequest, type Authorizer, allow, type ScimOptions } from '../../../src/index.js'
import { type Server, serve } from '../../support/server.js'

export const noCalls = { read: 0, query: 0, insert: 0, replace: 0, remove: 0 }
export const search = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'

/** A server that records the requests to its host. */
export function asking(
  decide: Authorizer = () => allow,
  options: Partial<ScimOptions> = {},
): { readonly server: Server; readonly asked: AuthorizationRequest[] } {
  const asked: AuthorizationRequest[] = []
  const server = serve({
    authorize: (request, context) => {
      asked.push(request)
      return decide(request, context)
    },
    ...options,
  })
  return { server, asked }
}
