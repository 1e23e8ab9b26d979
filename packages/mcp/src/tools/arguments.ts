/** Arguments that several tools have, and their values in a call whose arguments fit the input schema. */
import type { JsonObject } from '@scimkit/core'
import { isArray, own } from '@scimkit/core/json'
import type { PatchOperationInput } from '@scimkit/core/patch'
import type { ResourceType } from '@scimkit/core/schema'
import type { VersionText } from '../directory/directory.js'
import { type ArraySchema, type JsonSchema, objectSchema, type StringSchema } from '../json-schema/json-schema.js'
import { attributesIn } from '../subject.js'

/** `id`. */
export const idArgument: StringSchema = {
  type: 'string',
  minLength: 1,
  maxLength: 256,
  description: 'The id of the resource, as results show it.',
}

/** `expectedVersion`. */
export const versionArgument: StringSchema = {
  type: 'string',
  minLength: 1,
  maxLength: 256,
  description:
    'The `version` of the result in which you read the resource. If the resource has changed since then, nothing is written and you get the current state.',
}

/** The text under a name that the input schema requires. */
export function textArgument(given: JsonObject, name: string): string {
  const value = own(given, name)
  if (typeof value !== 'string') throw new TypeError(`the argument ${name} was not checked`)
  return value
}

/** The text under a name, if it is given. */
export function optionalText(given: JsonObject, name: string): string | undefined {
  const value = own(given, name)
  return typeof value === 'string' ? value : undefined
}

/** The texts under a name; none if it is not given. */
export function textsArgument(given: JsonObject, name: string): readonly string[] {
  const value = own(given, name)
  return isArray(value) ? value.filter((element) => typeof element === 'string') : []
}

/** The expected version of a call. */
export function expectedVersion(given: JsonObject): VersionText {
  return textArgument(given, 'expectedVersion') as VersionText
}

const mostOperations = 100

/** `operations` of a PATCH on this type. @see RFC 7644 §3.5.2 */
export function operationsArgument(type: ResourceType): ArraySchema {
  const names = attributesIn(type, 'sent').map((attribute) => attribute.path)
  const value: JsonSchema = { description: 'The value, as the attribute needs it; none for remove.' }
  return {
    type: 'array',
    minItems: 1,
    maxItems: mostOperations,
    description: 'The changes, in order; all of them are carried out, or none.',
    items: objectSchema(
      {
        op: {
          type: 'string',
          enum: ['add', 'replace', 'remove'],
          description: 'add adds elements to a list; replace sets.',
        },
        path: {
          type: 'string',
          minLength: 1,
          maxLength: 1_024,
          description: `What to change: an attribute, a part of it (name.familyName), or an element of a list (emails[type eq "work"].value). Attributes: ${names.join(', ')}.`,
        },
        value,
      },
      ['op', 'path'],
    ),
  }
}

/** The operations of a call. */
export function operationsOf(given: JsonObject): readonly PatchOperationInput[] {
  return own(given, 'operations') as unknown as readonly PatchOperationInput[]
}
