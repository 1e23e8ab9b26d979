/** The check of arguments: the same decisions as AJV, and messages that name the argument. */
import { describe, expect, test } from '@jest/globals'
import type { JsonValue } from '@scimkit/core'
import { createScim, tenantId } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { seed } from '../../../testkit/test/support/effort.js'
import { defaultBounds } from '../../src/documents/bounds.js'
import { problemIn } from '../../src/json-schema/check-value.js'
import { type JsonSchema, objectSchema } from '../../src/json-schema/json-schema.js'
import { catalogueOf } from '../../src/tools/catalogue.js'
import type { Tool } from '../../src/tools/tool.js'

const ajv = new Ajv2020({ strict: false })

const names = ['a', 'b', 'urn:x:y', '__proto__', 'constructor', 'length']

const { schema } = fc.letrec<{ schema: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.record(
      {
        type: fc.constant('string' as const),
        enum: fc.uniqueArray(fc.constantFrom('a', 'b', ''), { minLength: 1 }),
        minLength: fc.nat(3),
        maxLength: fc.nat(3),
      },
      { requiredKeys: ['type'] },
    ),
    fc.record(
      { type: fc.constantFrom('integer' as const, 'number' as const), minimum: fc.nat(2), maximum: fc.nat(5) },
      { requiredKeys: ['type'] },
    ),
    fc.constant<JsonSchema>({ type: 'boolean' }),
    fc.constant<JsonSchema>({ description: 'anything' }),
    fc.record(
      { type: fc.constant('array' as const), items: tie('schema'), minItems: fc.nat(2), maxItems: fc.nat(3) },
      { requiredKeys: ['type', 'items'] },
    ),
    fc
      .tuple(
        fc.uniqueArray(fc.constantFrom(...names.slice(0, 3))),
        fc.array(tie('schema'), { minLength: 3 }),
        fc.nat(3),
      )
      .map(([own, schemas, required]) => {
        const properties = Object.fromEntries(own.map((name, i) => [name, schemas[i] ?? { description: '' }]))
        return objectSchema(properties, own.slice(0, required))
      }),
  ),
}))

const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.constantFrom<JsonValue>('a', 'b', '', 'long text', 0, 1, 2.5, -1, 5, 6, true, false, null),
    fc.array(tie('value'), { maxLength: 4 }),
    // JSON.parse makes an own member even of `__proto__`.
    fc
      .array(fc.tuple(fc.constantFrom(...names), tie('value')), { maxLength: 3 })
      .map((members) =>
        JSON.parse(`{${members.map(([name, one]) => `${JSON.stringify(name)}:${JSON.stringify(one)}`).join()}}`),
      ),
  ),
}))

describe('the same decisions as AJV', () => {
  test(`on random schemas and values, seed ${seed}`, () => {
    fc.assert(
      fc.property(schema, value, (one, other) => {
        // AJV counts code points, this check UTF-16 units as JSON limits do: the texts here have no difference.
        expect(problemIn(one, other) === undefined).toBe(ajv.validate(one, other))
      }),
      { seed, numRuns: 3_000 },
    )
  })

  test(`on the arguments of every tool, changed at one place, seed ${seed}`, async () => {
    const scim = createScim({ provider: memoryProvider() })
    const types = await scim.permitted(scim.context({ tenant: tenantId('acme') }))
    const options = { bounds: defaultBounds, readOnly: false, supportsIdempotencyKeys: true }
    for (const tool of catalogueOf(types, options).all()) {
      const validate = ajv.compile(tool.inputSchema)
      expect([tool.name, validate(validFor(tool.inputSchema))]).toEqual([tool.name, true])
      fc.assert(
        fc.property(fc.nat(50), value, (place, other) => {
          const given = replacedAt(validFor(tool.inputSchema), place, other)
          expect(problemIn(tool.inputSchema, given) === undefined).toBe(validate(given))
        }),
        { seed, numRuns: 100 },
      )
    }
  })
})

/** A value that the schema of a tool accepts. */
function validFor(one: JsonSchema): JsonValue {
  if (!('type' in one)) return 'any'
  switch (one.type) {
    case 'string':
      return one.enum?.[0] ?? 'x'.repeat(Math.max(1, one.minLength ?? 1))
    case 'integer':
    case 'number':
      return one.minimum ?? 1
    case 'boolean':
      return true
    case 'array':
      return [validFor(one.items)]
    case 'object':
      return Object.fromEntries(Object.entries(one.properties).map(([name, property]) => [name, validFor(property)]))
  }
}

/** The value with another one at the n-th place, counted in the order of the document. */
function replacedAt(whole: JsonValue, place: number, other: JsonValue): JsonValue {
  let left = place
  const walk = (one: JsonValue): JsonValue => {
    if (left-- === 0) return other
    if (Array.isArray(one)) return one.map(walk)
    if (typeof one !== 'object' || one === null) return one
    return Object.fromEntries(Object.entries(one).map(([name, member]) => [name, walk(member)]))
  }
  return walk(whole)
}

describe('messages name the argument and the accepted values', () => {
  const user: Tool['inputSchema'] = objectSchema(
    {
      id: { type: 'string', minLength: 1, maxLength: 3 },
      op: { type: 'string', enum: ['add', 'remove'] },
      count: { type: 'integer', minimum: 1, maximum: 9 },
      list: { type: 'array', items: { type: 'boolean' }, minItems: 1, maxItems: 2 },
      'urn:x:y': objectSchema({ department: { type: 'string' } }),
    },
    ['id'],
  )
  test.each<readonly [JsonValue, string, string]>([
    [{}, 'id', 'is required'],
    ['text', '', 'must be an object; found a text'],
    [null, '', 'must be an object; found null'],
    [{ id: 7 }, 'id', 'must be a text; found 7'],
    [{ id: '' }, 'id', 'must have at least 1 characters; found 0'],
    [{ id: 'long' }, 'id', 'must have at most 3 characters; found 4'],
    [{ id: 'x', op: 'move' }, 'op', 'must be one of add, remove; found "move"'],
    [{ id: 'x', count: 1.5 }, 'count', 'must be a whole number; found 1.5'],
    [{ id: 'x', count: 0 }, 'count', 'must be at least 1; found 0'],
    [{ id: 'x', count: 10 }, 'count', 'must be at most 9; found 10'],
    [{ id: 'x', list: {} }, 'list', 'must be a list; found an object'],
    [{ id: 'x', list: [true, 'no'] }, 'list[1]', 'must be true or false; found a text'],
    [{ id: 'x', list: [] }, 'list', 'must have at least 1 elements; found 0'],
    [{ id: 'x', list: [true, true, true] }, 'list', 'must have at most 2 elements; found 3'],
    [{ id: 'x', 'urn:x:y': { department: 7 } }, '["urn:x:y"].department', 'must be a text; found 7'],
    [{ id: 'x', tenant: 'y' }, 'tenant', 'is unknown; accepted here: id, op, count, list, urn:x:y'],
  ])('%j', (given, path, message) => {
    expect(problemIn(user, given)).toMatchObject({ path, message })
  })
})
