/**
 * The part of JSON Schema (2020-12) in which the arguments and results of tools are described. It is small so that every
 * client and every model understands it, and so that an error can name the argument and what it accepts.
 */
export type JsonSchema =
  | StringSchema
  | NumberSchema
  | BooleanSchema
  | ArraySchema
  | ObjectSchema
  | AnySchema
  | DefinedSchema

/** A text. */
export interface StringSchema {
  readonly type: 'string'
  readonly description?: string
  readonly enum?: readonly string[]
  readonly minLength?: number
  readonly maxLength?: number
}

/** A number. */
export interface NumberSchema {
  readonly type: 'integer' | 'number'
  readonly description?: string
  readonly minimum?: number
  readonly maximum?: number
}

/** true or false. */
export interface BooleanSchema {
  readonly type: 'boolean'
  readonly description?: string
}

/** A list. */
export interface ArraySchema {
  readonly type: 'array'
  readonly description?: string
  readonly items: JsonSchema
  readonly minItems?: number
  readonly maxItems?: number
}

/** An object with exactly these members. */
export interface ObjectSchema {
  readonly type: 'object'
  readonly description?: string
  readonly properties: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties: false
}

/** Any JSON value: the `value` of a PATCH operation, whose form its path decides. */
export interface AnySchema {
  readonly description: string
}

/** A schema of `$defs`; only output schemas have these. */
export interface DefinedSchema {
  readonly $ref: string
}

/** An object schema with these members. Those in `required` must be present. */
export function objectSchema(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = [],
  description?: string,
): ObjectSchema {
  return {
    type: 'object',
    ...(description !== undefined && { description }),
    properties,
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  }
}
