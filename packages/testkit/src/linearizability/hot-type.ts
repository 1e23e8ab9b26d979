/** The resource types that clients write to, and the attributes that histories record. @see RFC 7643 §4 */
import type { Value } from '@scimkit/linearizability'

/** A resource type with an attribute that is replaced and a list that is added to. */
export interface HotType {
  readonly collection: string
  readonly schema: string
  readonly scalar: string
  readonly list: string
}

/** A list inside the document, and a name that must be unique. */
export const hotUser: HotType = {
  collection: '/Users',
  schema: 'urn:ietf:params:scim:schemas:core:2.0:User',
  scalar: 'title',
  list: 'emails',
}

/** A list that most stores keep in separate rows. */
export const hotGroup: HotType = {
  collection: '/Groups',
  schema: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  scalar: 'displayName',
  list: 'members',
}

/** The attributes of a document with this value. */
export function attributesOf({ scalar, list }: HotType, value: Value): Readonly<Record<string, unknown>> {
  const elements = value.elements.map((element) => ({ value: element }))
  return { [scalar]: value.scalar, ...(elements.length > 0 && { [list]: elements }) }
}
