import type { AttributeType, Mutability, ResourceOperation, Returned, Uniqueness } from './schema-definition.js'

/** How much of an attribute a right is missing for: all of it, or some of its parts. */
export type Extent = 'whole' | 'part'

/** One attribute, compiled: every default filled in, lookups ready. Created once per schema, shared by all requests. */
export interface Attribute {
  /** The name as the schema spells it; responses always use this spelling. */
  readonly name: string
  /** The URN of the schema it belongs to. */
  readonly schema: string
  /** Full name for messages and printing: `name.givenName`, `urn:…:User:manager`. */
  readonly path: string
  readonly type: AttributeType
  readonly multiValued: boolean
  readonly description: string
  readonly required: boolean
  readonly caseExact: boolean
  readonly mutability: Mutability
  readonly returned: Returned
  readonly uniqueness: Uniqueness
  readonly canonicalValues: readonly string[]
  readonly referenceTypes: readonly string[]
  /** By lower-case name; empty unless `type` is complex. */
  readonly subAttributes: ReadonlyMap<string, Attribute>
  /** The complex attribute that this one is a part of. */
  readonly parent: Attribute | undefined
  /**
   * What the caller of this operation may not read of it; absent without attribute rights. `part` of a simple attribute:
   * responses show it, and filters and sorts may not use it.
   */
  readonly unreadable?: Extent
  /** What the caller of this operation may not change of it; absent without attribute rights. */
  readonly unwritable?: Extent
}

/** One schema, compiled. */
export interface Schema {
  readonly id: string
  readonly name: string
  readonly description: string
  /** By lower-case name. */
  readonly attributes: ReadonlyMap<string, Attribute>
}

/** One resource type, compiled. */
export interface ResourceType {
  readonly name: string
  readonly endpoint: string
  readonly description: string
  readonly schema: Schema
  readonly extensions: readonly { readonly schema: Schema; readonly required: boolean }[]
  /** Attributes of the core schema and the common ones (`schemas`, `id`, `externalId`, `meta`), by lower-case name. */
  readonly attributes: ReadonlyMap<string, Attribute>
  /** Extension schemas by lower-case URN. */
  readonly extensionsByUrn: ReadonlyMap<string, Schema>
  /**
   * Extension attributes by bare lower-case name, where only one extension has the name and the core schema does not.
   */
  readonly bareAttributes: ReadonlyMap<string, Attribute>
  /** Attributes (and sub-attributes) whose values must be unique in a tenant. `id` is not among them. */
  readonly unique: readonly Attribute[]
  /** The `members` attribute kept as rows, if this type has one. */
  readonly members: Attribute | undefined
  /** True if attributes have been removed from the definition: stored documents may have values of them from before. */
  readonly isTrimmed: boolean
  /** The operations of the type; `read` is among them. */
  readonly operations: ReadonlySet<ResourceOperation>
  /** Whether the caller of this operation may not read some of its attributes; absent without attribute rights. */
  readonly unreadable?: 'part'
  /** Whether the caller of this operation may not change some of its attributes; absent without attribute rights. */
  readonly unwritable?: 'part'
}

/**
 * The target of a path: an attribute, a sub-attribute, or an extension as a whole. `text` is the path in its canonical
 * spelling, which parses back to the same.
 */
export interface AttributePath {
  readonly text: string
  /** The extension of the path; undefined for the core schema and common attributes. */
  readonly extension: Schema | undefined
  /** Undefined when the path names an extension as a whole. */
  readonly attribute: Attribute | undefined
  readonly sub: Attribute | undefined
}
