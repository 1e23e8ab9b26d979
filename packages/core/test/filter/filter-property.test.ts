import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Filter, FilterPath } from '../../src/filter/ast.js'
import { attributesOf } from '../../src/filter/attributes-of.js'
import { evaluate } from '../../src/filter/evaluation/evaluate.js'
import { parseFilter } from '../../src/filter/parse.js'
import { printFilter } from '../../src/filter/print.js'
import type { Limits } from '../../src/limits.js'
import type { ResourceType } from '../../src/schema/attribute.js'
import { filtersOf, resourcesOf } from './support/arbitrary.js'
import { effort } from './support/effort.js'
import { lenient, limits, strict, thingType, userType } from './support/types.js'

const roomy: Limits = {
  ...limits,
  filterLength: 1_000_000,
  filterDepth: 100,
  filterTerms: 10_000,
  filterValuePaths: 1_000,
}
const types: readonly [string, ResourceType][] = [
  ['User', userType],
  ['Thing', thingType],
]

const parse = (text: string, type: ResourceType): Filter => parseFilter(text, type, lenient, roomy)

// Attributes refer to their parents, and there is one object for each: compare them by identity of the schema's path.
function outline(filter: Filter): unknown {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, terms: filter.terms.map(outline) }
    case 'not':
      return { kind: 'not', term: outline(filter.term) }
    case 'valuePath':
      return { kind: 'valuePath', path: outlinePath(filter.path), filter: outline(filter.filter) }
    default:
      return { ...filter, path: outlinePath(filter.path) }
  }
}

function outlinePath(path: FilterPath): unknown {
  if (!path.known) return path
  const { text, extension, attribute, sub, compared } = path
  return { text, extension: extension?.id, attribute: attribute?.path, sub: sub?.path, compared: compared?.path }
}

describe.each(types)('filters on %s', (_name, type) => {
  test('parse ∘ print is the identity', () => {
    fc.assert(
      fc.property(filtersOf(type), (filter) => {
        expect(outline(parse(printFilter(filter), type))).toEqual(outline(filter))
      }),
      effort(500),
    )
  })

  test('print ∘ parse is idempotent, also under strict', () => {
    fc.assert(
      fc.property(filtersOf(type), (filter) => {
        const printed = printFilter(filter)
        expect(printFilter(parse(printed, type))).toBe(printed)
        expect(printFilter(parseFilter(printed, type, { ...strict, unknownFilterAttributes: true }, roomy))).toBe(
          printed,
        )
      }),
      effort(500),
    )
  })

  test('logic has two values: not, De Morgan, order of terms', () => {
    fc.assert(
      fc.property(filtersOf(type), filtersOf(type), resourcesOf(type), (left, right, resource) => {
        const holds = (filter: Filter): boolean => evaluate(filter, resource)
        expect(holds({ kind: 'not', term: left })).toBe(!holds(left))
        expect(holds({ kind: 'and', terms: [left, right] })).toBe(holds(left) && holds(right))
        expect(holds({ kind: 'or', terms: [right, left] })).toBe(holds(left) || holds(right))
      }),
      effort(500),
    )
  })

  test('only attributes that a filter reads can change its result', () => {
    fc.assert(
      fc.property(filtersOf(type), resourcesOf(type), (filter, resource) => {
        const asked = new Set([...attributesOf(filter)].map((path) => topName(type, path)))
        const needed = Object.fromEntries(Object.entries(resource).filter(([name]) => asked.has(name)))
        expect(evaluate(filter, needed)).toBe(evaluate(filter, resource))
      }),
      effort(500),
    )
  })
})

test('random text is a filter or a 400, never anything else', () => {
  const words = [
    'text',
    'parts',
    'not',
    'and',
    'or',
    'eq',
    'pr',
    'gt',
    '(',
    ')',
    '[',
    ']',
    '"a"',
    '1',
    'true',
    'null',
    '.',
    ' ',
  ]
  const soup = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 3 })), { maxLength: 12 })
  fc.assert(
    fc.property(soup, fc.constantFrom(' ', ''), (parts, separator) => {
      try {
        const printed = printFilter(parse(parts.join(separator), thingType))
        expect(printFilter(parse(printed, thingType))).toBe(printed)
      } catch (error) {
        expect(error).toMatchObject({ status: 400, scimType: 'invalidFilter' })
      }
    }),
    effort(3_000),
  )
})

function topName(type: ResourceType, path: string): string {
  const extension = type.extensions.find(({ schema }) => path.startsWith(schema.id))
  return extension?.schema.id ?? path.split('.')[0] ?? path
}
