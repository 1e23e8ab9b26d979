/**
 * Schemas as data, in the words of RFC 7643: hosts write this form, and /Schemas shows it.
 * @see RFC 7643 §2.2, §2.3, §7
 */

/** Data types of attributes. @see RFC 7643 §2.3 (errata 5606, 8435: `binary` is one) */
export type AttributeType =
  | 'string'
  | 'boolean'
  | 'decimal'
  | 'integer'
  | 'dateTime'
  | 'binary'
  | 'reference'
  | 'complex'

/** Which party may change a value, and when. @see RFC 7643 §2.2 */
export type Mutability = 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly'

/** When a response contains a value. @see RFC 7643 §2.2 */
export type Returned = 'always' | 'never' | 'default' | 'request'

/** How far a value must be unique. @see RFC 7643 §2.2 */
export type Uniqueness = 'none' | 'server' | 'global'

/** The characteristics of one attribute; each defaults as RFC 7643 §2.2 says. */
export interface AttributeDefinition {
  readonly type?: AttributeType
  readonly multiValued?: boolean
  readonly description?: string
  readonly required?: boolean
  readonly canonicalValues?: readonly string[]
  readonly caseExact?: boolean
  readonly mutability?: Mutability
  readonly returned?: Returned
  readonly uniqueness?: Uniqueness
  readonly referenceTypes?: readonly string[]
  /** Only with `type: 'complex'`; sub-attributes are never complex (errata 8415). */
  readonly subAttributes?: Readonly<Record<string, AttributeDefinition>>
}

/** One schema: a URN and its attributes by name. */
export interface SchemaDefinition {
  readonly id: string
  readonly name: string
  readonly description?: string
  readonly attributes: Readonly<Record<string, AttributeDefinition>>
}

/**
 * The operations that a resource type can offer: `read` includes reading one, listing and searching. @see RFC 7644
 * §3.2, table 1
 */
export type ResourceOperation = 'create' | 'read' | 'replace' | 'patch' | 'remove'

/** All operations. */
export const resourceOperations: readonly ResourceOperation[] = ['create', 'read', 'replace', 'patch', 'remove']

/** One kind of resource: its endpoint and its schemas. @see RFC 7643 §6 */
export interface ResourceTypeDefinition {
  /** Also `meta.resourceType`. */
  readonly name: string
  /** The path segment with its slash, `/Users`. */
  readonly endpoint: string
  readonly description?: string
  readonly schema: SchemaDefinition
  readonly extensions?: readonly { readonly schema: SchemaDefinition; readonly required: boolean }[]
  /** True if the schema's `members` are kept as rows apart from the document. */
  readonly keepsMembers?: boolean
  /**
   * Paths of attributes that this host does not support: they are in no schema, and values that a client sends for them
   * are treated like any other unknown attribute.
   */
  readonly without?: readonly string[]
  /**
   * The operations that every caller may use on resources of this type; default: all. `read` must be in it. Operations
   * that are left out are answered 405 with `Allow`, and the type's `description` in /ResourceTypes names the supported
   * ones.
   */
  readonly operations?: readonly ResourceOperation[]
}

/**
 * Checks a schema's shape at compile time and returns it with its literal types kept.
 * @example
 * ```ts
 * import { defineSchema } from '@scimkit/core'
 *
 * const badge = defineSchema({
 *   id: 'urn:example:params:scim:schemas:extension:badge:1.0:User',
 *   name: 'Badge',
 *   attributes: { number: { type: 'integer', required: true }, color: { type: 'string' } },
 * })
 * ```
 */
export function defineSchema<const Definition extends SchemaDefinition>(definition: Definition): Definition {
  return definition
}
