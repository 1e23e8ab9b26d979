import type { ScimContext } from '../context.js'
import type { ResourceRef } from '../resource/ref.js'

/**
 * Returns the resource of the caller, for /Me: by `context.principal`, as the authenticator named it. Undefined for a
 * caller without a resource, which is answered 404. An error that it throws ends the request.
 * @see RFC 7644 §3.11
 */
export type MePolicy = (context: ScimContext) => ResourceRef | undefined | Promise<ResourceRef | undefined>
