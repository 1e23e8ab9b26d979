/** Documents to patch, operations, and rows of expected results in three modes. */
import { expect } from '@jest/globals'
import type { InteropPreset } from '../../../src/interop.js'
import type { JsonObject, JsonValue } from '../../../src/json/value.js'
import type { ResourceType } from '../../../src/schema/attribute.js'
import { core, enterprise, groupUrn } from '../../resource/support/reading.js'
import { message, outcome } from './patching.js'

export const user: JsonObject = {
  schemas: [core, enterprise],
  id: 'u1',
  userName: 'bjensen',
  name: { givenName: 'Barbara', familyName: 'Jensen' },
  title: 'Guide',
  active: true,
  emails: [
    { value: 'w@x', type: 'work', primary: true },
    { value: 'h@x', type: 'home' },
  ],
  phoneNumbers: [{ value: '1', type: 'work' }],
  [enterprise]: { department: 'Tours', manager: { value: 'm1' } },
}

export const group: JsonObject = {
  schemas: [groupUrn],
  id: 'g1',
  displayName: 'Guides',
  members: [{ value: 'a', type: 'User' }, { value: 'b' }],
}

export const modes: readonly InteropPreset[] = ['lenient', 'entra', 'strict']

/** Attributes that differ from before; null for one that is removed. Or the scimType. */
export type Expected = Readonly<Record<string, JsonValue>> | string

/** With `strict` or `entra` where they differ from lenient. */
export interface Row {
  readonly title: string
  readonly ops: readonly JsonValue[]
  readonly expected: Expected
  readonly strict?: Expected
  readonly entra?: Expected
}

export const row = (
  title: string,
  op: JsonValue | readonly JsonValue[],
  expected: Expected,
  others: Partial<Row> = {},
): Row => ({
  title,
  ops: Array.isArray(op) ? op : [op as JsonValue],
  expected,
  ...others,
})

export const add = (path: string, value: JsonValue): JsonObject => ({ op: 'add', path, value })
export const replace = (path: string, value: JsonValue): JsonObject => ({ op: 'replace', path, value })

export const remove = (path: string, value?: JsonValue): JsonObject => ({
  op: 'remove',
  path,
  ...(value !== undefined && { value }),
})

export const addAll = (value: JsonObject): JsonObject => ({ op: 'add', value })
export const replaceAll = (value: JsonObject): JsonObject => ({ op: 'replace', value })

export function changed(before: JsonObject, changes: Expected): JsonValue {
  if (typeof changes === 'string') return changes
  const after: Record<string, JsonValue> = { ...before }
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete after[name]
    else after[name] = value
  }
  return after
}

export function check(type: ResourceType, before: JsonObject, { ops, expected, strict, entra }: Row): void {
  const wanted: Readonly<Record<InteropPreset, Expected>> = {
    lenient: expected,
    entra: entra ?? expected,
    strict: strict ?? expected,
  }
  for (const mode of modes) {
    const result = outcome(type, before, message(...ops), mode)
    expect({ mode, result }).toEqual({ mode, result: changed(before, wanted[mode]) })
  }
}

export const same = {}
export const work = { value: 'w@x', type: 'work', primary: true }
export const home = { value: 'h@x', type: 'home' }
export const other = { value: 'o@x', type: 'other' }
export const ext = (attributes: JsonObject): Expected => ({ [enterprise]: attributes })
export const withoutExtension: Expected = { [enterprise]: null, schemas: [core] }
