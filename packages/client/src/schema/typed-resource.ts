/** The resources of the client as TypeScript types: what it sends, and what it receives. @see RFC 7643 §3, §4 */
import type { JsonObject } from '@scimkit/core/json'
import type { CommonAttributes } from '@scimkit/core/schema'

export type {
  AnyResource,
  CommonAttributes,
  EnterpriseUser,
  Group,
  InferResource,
  Meta,
  User,
} from '@scimkit/core/schema'

/** The body of a create or replace: without server-assigned attributes; `schemas` is optional. */
export type Draft<Resource extends CommonAttributes> = Pick<Partial<CommonAttributes>, 'schemas'> &
  Partial<Pick<CommonAttributes, 'id' | 'meta'>> &
  WithoutCommon<Resource>

/** A resource that was requested with `attributes` or `excludedAttributes`. */
export type Projected<Resource extends CommonAttributes, Options> = Options extends
  | { readonly attributes: readonly string[] }
  | { readonly excludedAttributes: readonly string[] }
  ? Partial<Resource> & Pick<CommonAttributes, 'id' | 'schemas'>
  : Resource

/** Types a document of the server as a resource, without checking it. */
export function asResource<Resource>(document: JsonObject): Resource {
  return document as unknown as Resource
}

// Omit<> would reduce AnyResource to its index signature; this keeps the named keys too.
type WithoutCommon<Resource> = {
  [Name in keyof Resource as Name extends 'schemas' | 'id' | 'meta' ? never : Name]: Resource[Name]
}
