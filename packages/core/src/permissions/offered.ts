/**
 * The operations that a resource type offers, in the words of HTTP. @see RFC 7644 §3.2 (table 1); RFC 9110 §15.5.6
 * (405, `Allow`)
 */
import { scimError } from '../errors.js'
import type { Operation } from '../operation-types/operation.js'
import type { ResourceType } from '../schema/attribute.js'

type Offering = Pick<ResourceType, 'operations'>

/** The operations on one resource, and create. */
export type ResourceOperationKind = Extract<Operation['kind'], 'create' | 'get' | 'replace' | 'patch' | 'remove'>

/** The methods of the collection, `/Users`, as `Allow` names them. */
export function collectionMethods({ operations }: Offering): string {
  return operations.has('create') ? 'GET, HEAD, POST' : 'GET, HEAD'
}

/** The methods of a resource, `/Users/42`, as `Allow` names them. */
export function resourceMethods({ operations }: Offering): string {
  const writes = [
    ...(operations.has('replace') ? ['PUT'] : []),
    ...(operations.has('patch') ? ['PATCH'] : []),
    ...(operations.has('remove') ? ['DELETE'] : []),
  ]
  return ['GET', 'HEAD', ...writes].join(', ')
}

/** Throws 405 with `Allow` for an operation that the type does not offer to any caller. */
export function checkOffered(type: Offering, kind: ResourceOperationKind): void {
  // Every type can be read: a definition without `read` is refused at start.
  if (kind === 'get' || type.operations.has(kind)) return
  throw scimError.methodNotAllowed(kind === 'create' ? collectionMethods(type) : resourceMethods(type))
}
