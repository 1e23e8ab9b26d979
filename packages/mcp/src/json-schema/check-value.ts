import { isArray, isObject, type JsonObject, type JsonValue, own } from '@scimkit/core/json'
import type { JsonSchema, ObjectSchema } from './json-schema.js'

/** The first place of a value that its schema does not accept. */
export interface SchemaProblem {
  /** `operations[0].op`. */
  readonly path: string
  /** What is accepted there, and what the value is: `expected one of add, remove, replace, found "move"`. */
  readonly message: string
  /** The accepted values, if they are a list. */
  readonly accepted: readonly string[] | undefined
}

/** The first problem of a value; undefined if the schema accepts it. `path` is the name of the value in messages. */
export function problemIn(schema: JsonSchema, value: JsonValue, path = ''): SchemaProblem | undefined {
  if (!('type' in schema)) return undefined
  switch (schema.type) {
    case 'string':
      if (typeof value !== 'string') return unexpected(path, 'a text', value)
      if (schema.enum !== undefined && !schema.enum.includes(value)) return notAmong(path, schema.enum, value)
      return sizeProblem(path, value.length, 'characters', schema.minLength, schema.maxLength)
    case 'integer':
    case 'number':
      if (typeof value !== 'number') return unexpected(path, 'a number', value)
      if (schema.type === 'integer' && !Number.isInteger(value)) return unexpected(path, 'a whole number', value)
      return rangeProblem(path, value, schema.minimum, schema.maximum)
    case 'boolean':
      return typeof value === 'boolean' ? undefined : unexpected(path, 'true or false', value)
    case 'array':
      if (!isArray(value)) return unexpected(path, 'a list', value)
      return (
        sizeProblem(path, value.length, 'elements', schema.minItems, schema.maxItems) ??
        firstOf(value, (element, i) => problemIn(schema.items, element, `${path}[${i}]`))
      )
    case 'object':
      return isObject(value) ? problemInObject(schema, value, path) : unexpected(path, 'an object', value)
  }
}

function problemInObject(schema: ObjectSchema, value: JsonObject, path: string): SchemaProblem | undefined {
  const names = Object.keys(schema.properties)
  const missing = schema.required?.find((name) => own(value, name) === undefined)
  if (missing !== undefined) return { path: below(path, missing), message: 'is required', accepted: undefined }
  return firstOf(Object.keys(value), (name) => {
    const property = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined
    if (property === undefined) return unknownName(path, name, names)
    const member = own(value, name)
    return member === undefined ? undefined : problemIn(property, member, below(path, name))
  })
}

function firstOf<Element>(
  elements: readonly Element[],
  problemOf: (element: Element, i: number) => SchemaProblem | undefined,
): SchemaProblem | undefined {
  for (const [i, element] of elements.entries()) {
    const problem = problemOf(element, i)
    if (problem !== undefined) return problem
  }
  return undefined
}

function below(path: string, name: string): string {
  // A URN has dots and colons of its own.
  if (name.includes(':')) return `${path}["${name}"]`
  return path === '' ? name : `${path}.${name}`
}

function unknownName(path: string, name: string, names: readonly string[]): SchemaProblem {
  return {
    path: below(path, shortText(name)),
    message: `is unknown; accepted here: ${names.join(', ')}`,
    accepted: names,
  }
}

function notAmong(path: string, accepted: readonly string[], value: string): SchemaProblem {
  return { path, message: `must be one of ${accepted.join(', ')}; found ${JSON.stringify(shortText(value))}`, accepted }
}

function unexpected(path: string, expected: string, value: JsonValue): SchemaProblem {
  return { path, message: `must be ${expected}; found ${kindOf(value)}`, accepted: undefined }
}

function sizeProblem(
  path: string,
  size: number,
  unit: string,
  least: number | undefined,
  most: number | undefined,
): SchemaProblem | undefined {
  if (least !== undefined && size < least) {
    return { path, message: `must have at least ${least} ${unit}; found ${size}`, accepted: undefined }
  }
  if (most === undefined || size <= most) return undefined
  return { path, message: `must have at most ${most} ${unit}; found ${size}`, accepted: undefined }
}

function rangeProblem(
  path: string,
  value: number,
  least: number | undefined,
  most: number | undefined,
): SchemaProblem | undefined {
  if (least !== undefined && value < least) {
    return { path, message: `must be at least ${least}; found ${value}`, accepted: undefined }
  }
  if (most === undefined || value <= most) return undefined
  return { path, message: `must be at most ${most}; found ${value}`, accepted: undefined }
}

function kindOf(value: JsonValue): string {
  if (value === null) return 'null'
  if (isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  return typeof value === 'string' ? 'a text' : String(value)
}

// An argument from outside is repeated in an error no longer than is of use.
function shortText(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`
}
