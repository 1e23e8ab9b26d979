/** Resources as TypeScript types, inferred from schema definitions. @see RFC 7643 §3, §4 */
import type { JsonValue } from '../json/value.js'
import type { AttributeDefinition, SchemaDefinition } from './schema-definition.js'
import type { enterpriseUserSchema } from './standard/enterprise-user.js'
import type { groupSchema } from './standard/group.js'
import type { userSchema } from './standard/user.js'

/** A resource as a server returns it. Every attribute but `id` and `schemas` may be missing: see `attributes`. */
export interface AnyResource extends CommonAttributes {
  readonly [attribute: string]: unknown
}

/** The common attributes of all resources. @see RFC 7643 §3, §3.1 */
export interface CommonAttributes {
  readonly schemas: readonly string[]
  readonly id: string
  readonly externalId?: string | undefined
  readonly meta?: Meta | undefined
}

/** Metadata that the server assigns. @see RFC 7643 §3.1 */
export interface Meta {
  readonly resourceType?: string | undefined
  readonly created?: string | undefined
  readonly lastModified?: string | undefined
  readonly location?: string | undefined
  /** The entity tag, in the form of the header: `W/"…"`. */
  readonly version?: string | undefined
}

/**
 * A resource of a schema, with extensions under their URNs, inferred from the result of `defineSchema()`. An optional
 * value may be `undefined`, which means that it is absent.
 */
export type InferResource<
  Schema extends SchemaDefinition,
  Extensions extends readonly SchemaDefinition[] = readonly [],
> = CommonAttributes & AttributesOf<Schema['attributes']> & ExtensionsOf<Extensions>

/** A User with the enterprise extension. @see RFC 7643 §4.1, §4.3 */
export type User = InferResource<typeof userSchema, readonly [typeof enterpriseUserSchema]>

/** The attributes of the enterprise extension, under its URN. @see RFC 7643 §4.3 */
export type EnterpriseUser = AttributesOf<(typeof enterpriseUserSchema)['attributes']>

/** A Group. @see RFC 7643 §4.2 */
export type Group = InferResource<typeof groupSchema>

type Definitions = Readonly<Record<string, AttributeDefinition>>

type AttributesOf<Attributes extends Definitions> = Flat<
  {
    readonly [Name in keyof Attributes as IsSure<Attributes[Name]> extends true ? Name : never]: ValueOf<
      Attributes[Name]
    >
  } & {
    readonly [Name in keyof Attributes as IsSure<Attributes[Name]> extends true ? never : Name]?:
      | ValueOf<Attributes[Name]>
      | undefined
  }
>

type ExtensionsOf<Extensions extends readonly SchemaDefinition[]> = {
  readonly [Extension in Extensions[number] as Extension['id']]?: AttributesOf<Extension['attributes']> | undefined
}

// Attributes that a client must send and always receives, unless it requests fewer.
type IsSure<Attribute extends AttributeDefinition> = Attribute extends { readonly required: true }
  ? Attribute extends { readonly mutability: 'readOnly' } | { readonly returned: 'never' }
    ? false
    : true
  : false

type ValueOf<Attribute extends AttributeDefinition> = Attribute extends { readonly multiValued: true }
  ? readonly OneOf<Attribute>[]
  : OneOf<Attribute>

type OneOf<Attribute extends AttributeDefinition> = Attribute['type'] extends 'boolean'
  ? boolean
  : Attribute['type'] extends 'integer' | 'decimal'
    ? number
    : Attribute extends { readonly type: 'complex' }
      ? PartsOf<Attribute>
      : TextOf<Attribute>

type PartsOf<Attribute> = Attribute extends { readonly subAttributes: infer Parts extends Definitions }
  ? AttributesOf<Parts>
  : Readonly<Record<string, JsonValue>>

// Canonical values are suggestions: editors complete them, other values are allowed (RFC 7643 §2.4).
type TextOf<Attribute extends AttributeDefinition> = Attribute extends {
  readonly canonicalValues: readonly (infer Value extends string)[]
}
  ? Value | (string & {})
  : string

type Flat<Type> = { [Name in keyof Type]: Type[Name] }
