/** Properties of diff for all documents. The reference is the core's own PATCH, parser and all. */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type DiffOperation, diff } from '../../src/entry-points/merge.js'
import { ScimError } from '../../src/errors.js'
import type { JsonObject } from '../../src/json/value.js'
import { elementsOf } from '../../src/merge/merging.js'
import type { ResourceType } from '../../src/schema/attribute.js'
import { message, patchWith } from '../patch/support/patching.js'
import { enterprise } from '../resource/support/reading.js'
import { type Kind, states, typeOf, written } from './support/documents.js'
import { cases } from './support/effort.js'

const modes = ['lenient', 'entra', 'strict'] as const

const readOnly: Readonly<Record<Kind, JsonObject>> = {
  User: { groups: [{ value: '1' }], schemas: [enterprise] },
  Group: { schemas: [] },
  Device: { seen: '2021-01-01T00:00:00Z' },
}

describe('diff(base, next)', () => {
  test('applied to base gives next, in every mode; and no operation can be left out', () => {
    fc.assert(
      fc.property(states(2), fc.constantFrom(...modes), ({ kind, documents: [base = {}, next = {}] }, mode) => {
        const type = typeOf[kind]
        const operations = diff(base, next, { type })
        expect(applied(type, base, operations, mode)).toBe(written(next))
        for (const left of operations) {
          if (mayBecomeEqual(left, operations)) continue
          const others = operations.filter((operation) => operation !== left)
          expect(applied(type, base, others, mode)).not.toBe(written(next))
        }
      }),
      cases(),
    )
  })

  // Without the removal of one element, the filter of a later operation may select it too and make it equal to another:
  // the server keeps one of them (RFC 7643 §2.4), and the result is the same.
  function mayBecomeEqual(left: DiffOperation, operations: readonly DiffOperation[]): boolean {
    if (left.op !== 'remove' || !left.path.endsWith(']')) return false
    const list = left.path.slice(0, left.path.indexOf('[') + 1)
    return operations.some(({ op, path }) => op !== 'remove' && path.startsWith(list))
  }

  test('of a document and itself is empty, in any order, with any empty values', () => {
    fc.assert(
      fc.property(states(1), ({ kind, documents: [base = {}] }) => {
        const type = typeOf[kind]
        expect(diff(base, base, { type })).toEqual([])
        expect(diff(base, shuffled(base), { type })).toEqual([])
      }),
      cases(),
    )
  })

  test('never hides a member without an id that a client has added', () => {
    const stray = fc.record({ $ref: fc.constant('../Users/7'), type: fc.constant('User') }, { requiredKeys: [] })
    fc.assert(
      fc.property(states(2), stray, ({ kind, documents: [base = {}, next = {}] }, member) => {
        const type = typeOf[kind]
        const list = kind === 'Device' ? 'owners' : 'members'
        fc.pre(kind !== 'User')
        const wrong = { ...next, [list]: [...elementsOf(next[list]), member] }
        expect(applied(type, base, diff(base, wrong, { type }), 'lenient')).toBe(`refused: ${list}.value is required.`)
      }),
      cases(200),
    )
  })

  test('never names attributes that only the server sets', () => {
    fc.assert(
      fc.property(states(2), ({ kind, documents: [base = {}, next = {}] }) => {
        const made = { id: 'another', meta: { version: 'W/"9"' }, ...readOnly[kind] }
        const paths = diff(base, { ...next, ...made }, { type: typeOf[kind] }).map(({ path }) => path)
        expect(paths).toEqual(diff(base, next, { type: typeOf[kind] }).map(({ path }) => path))
      }),
      cases(200),
    )
  })
})

function applied(
  type: ResourceType,
  base: JsonObject,
  operations: readonly DiffOperation[],
  mode: (typeof modes)[number],
): string {
  if (operations.length === 0) return written(base)
  try {
    return written(patchWith(type, base, message(...operations), mode).after)
  } catch (error) {
    if (error instanceof ScimError) return `refused: ${error.message}`
    throw error
  }
}

// Names in other cases, lists in reverse order, with empty elements.
function shuffled(document: JsonObject): JsonObject {
  const entries = Object.entries(document).map(([name, value], i) => [
    i % 2 === 0 ? name.toUpperCase() : name,
    Array.isArray(value) ? [null, ...[...value].reverse()] : value,
  ])
  return { ...Object.fromEntries(entries.reverse()), nickName: null, photos: [] }
}
