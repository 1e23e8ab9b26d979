import type { Attribute } from './attribute.js'

/**
 * True if the elements of an attribute refer to other resources (`members`, `manager`): the server computes their `$ref`.
 * @see RFC 7643 §2.3.7, §2.4
 */
export function refersToResource(attribute: Attribute): boolean {
  return attribute.subAttributes.has('$ref') && attribute.subAttributes.has('value')
}

/**
 * True for a sub-attribute that the server sets itself: a readOnly one, and `$ref` to a resource of this server.
 * @see RFC 7643 §2.2 (`mutability`)
 */
export function isComputed(attribute: Attribute, sub: Attribute): boolean {
  return sub.mutability === 'readOnly' || (sub.name === '$ref' && refersToResource(attribute))
}
