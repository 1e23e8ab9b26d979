/** Random filters and resources over a type, built from the schema and not from text. */
import fc from 'fast-check'
import type { CompareOperator, Filter, KnownPath } from '../../../src/filter/ast.js'
import { searchedText } from '../../../src/filter/evaluation/compare-key.js'
import { isSensitive } from '../../../src/filter/sensitive.js'
import type { JsonObject, JsonValue } from '../../../src/json/value.js'
import type { Attribute, ResourceType } from '../../../src/schema/attribute.js'
import { pathTo, wholeExtension } from '../../../src/schema/path.js'
import { keyOf } from '../../../src/schema/value-key.js'

/** Any filter that the parser can give: flat, with paths in canonical spelling. */
export function filtersOf(type: ResourceType): fc.Arbitrary<Filter> {
  const tops = topAttributes(type)
  const paths = tops.flatMap((top) => [known(type, top), ...visible(top).map((sub) => known(type, sub))])
  const extensions = type.extensions.map(
    ({ schema }): KnownPath => ({ ...wholeExtension(schema), known: true, compared: undefined }),
  )
  const whole = fc.constantFrom(...tops.map((top) => known(type, top)))
  const valuePath = whole.chain((path) => {
    const inside = nested(fc.oneof(terms(partsOf(path)), unknownTerms))
    return inside.map((filter): Filter => ({ kind: 'valuePath', path, filter }))
  })
  const unknownValuePath = nested(unknownTerms).map(
    (filter): Filter => ({ kind: 'valuePath', path: { known: false, text: 'unheardOf' }, filter }),
  )
  const leaves = fc.oneof(
    { weight: 6, arbitrary: terms([...paths, ...extensions]) },
    { weight: 2, arbitrary: valuePath },
    { weight: 1, arbitrary: unknownTerms },
    { weight: 1, arbitrary: unknownValuePath },
  )
  return nested(leaves)
}

/** A resource of the type, most attributes absent, values from the same small pool as the filters'. */
export function resourcesOf(type: ResourceType): fc.Arbitrary<JsonObject> {
  const core = objectOf([...type.attributes.values()])
  const extensions = type.extensions.map(
    ({ schema }) => [schema.id, objectOf([...schema.attributes.values()])] as const,
  )
  return fc
    .tuple(core, fc.record(Object.fromEntries(extensions), { requiredKeys: [] }))
    .map(([attributes, own]) => ({ ...attributes, ...own }) as JsonObject)
}

function objectOf(attributes: readonly Attribute[]): fc.Arbitrary<JsonObject> {
  const fields = attributes.map((attribute) => [attribute.name, valuesOf(attribute)] as const)
  return fc.record(Object.fromEntries(fields), { requiredKeys: [] }) as fc.Arbitrary<JsonObject>
}

function valuesOf(attribute: Attribute): fc.Arbitrary<JsonValue> {
  const one: fc.Arbitrary<JsonValue> =
    attribute.type === 'complex' ? objectOf([...attribute.subAttributes.values()]) : scalars(attribute)
  return attribute.multiValued ? fc.array<JsonValue>(one, { maxLength: 3 }) : one
}

function topAttributes(type: ResourceType): readonly Attribute[] {
  const extensions = type.extensions.flatMap(({ schema }) => [...schema.attributes.values()])
  return [...type.attributes.values(), ...extensions].filter((attribute) => !isSensitive(attribute))
}

function visible(attribute: Attribute): readonly Attribute[] {
  return [...attribute.subAttributes.values()].filter((sub) => !isSensitive(sub))
}

function known(type: ResourceType, attribute: Attribute): KnownPath {
  const compared = attribute.type === 'complex' ? undefined : attribute
  return { ...pathTo(type, attribute), known: true, compared }
}

function partsOf(path: KnownPath): readonly KnownPath[] {
  if (path.attribute === undefined || path.compared !== undefined) return [{ ...path, text: 'value' }]
  return visible(path.attribute).map((sub) => ({ ...path, text: sub.name, sub, compared: sub }))
}

function terms(paths: readonly KnownPath[]): fc.Arbitrary<Filter> {
  return fc.constantFrom(...paths).chain((path) => {
    const presence: fc.Arbitrary<Filter> = fc.constantFrom<Filter>(
      { kind: 'present', path },
      { kind: 'compare', path, operator: 'eq', value: null, key: null },
      { kind: 'compare', path, operator: 'ne', value: null, key: null },
    )
    const { compared } = path
    return compared === undefined
      ? presence
      : fc.oneof(presence, comparisons(path, compared), comparisons(path, compared))
  })
}

function comparisons(path: KnownPath, compared: Attribute): fc.Arbitrary<Filter> {
  return fc.tuple(fc.constantFrom(...operatorsOf(compared)), scalars(compared)).map(([operator, value]) => {
    const isSearch = operator === 'co' || operator === 'sw' || operator === 'ew'
    const key = isSearch ? searchedText(compared, value) : keyOf(compared, value)
    if (key === undefined) throw new Error(`no key for ${compared.path}`)
    return { kind: 'compare', path, operator, value, key }
  })
}

const unknownTerms: fc.Arbitrary<Filter> = fc
  .tuple(
    fc.constantFrom('nope', 'Not-there_1'),
    fc.constantFrom<CompareOperator | 'pr'>('eq', 'ne', 'gt', 'co', 'pr'),
    fc.oneof(fc.string({ unit: 'grapheme' }).filter(isStorable), fc.boolean(), fc.integer()),
  )
  .map(([text, operator, value]): Filter => {
    const path = { known: false, text } as const
    return operator === 'pr' ? { kind: 'present', path } : { kind: 'compare', path, operator, value, key: value }
  })

function nested(leaves: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> {
  const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      leaves,
      tie('filter').map((term): Filter => ({ kind: 'not', term })),
      joined('and', tie('filter')),
      joined('or', tie('filter')),
    ),
  }))
  return filter
}

function joined(kind: 'and' | 'or', filters: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> {
  return fc
    .array(filters, { minLength: 2, maxLength: 3 })
    .map((terms): Filter => ({ kind, terms: terms.flatMap((term) => (term.kind === kind ? term.terms : [term])) }))
}

function operatorsOf(attribute: Attribute): readonly CompareOperator[] {
  switch (attribute.type) {
    case 'boolean':
      return ['eq', 'ne']
    case 'integer':
    case 'decimal':
      return ['eq', 'ne', 'gt', 'ge', 'lt', 'le']
    case 'binary':
      return ['eq', 'ne', 'co', 'sw', 'ew']
    default:
      return ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']
  }
}

// A small pool, so that filters and resources match; and sometimes an arbitrary value.
const texts = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('', 'a', 'A', 'ab', 'b', 'é', 'e\u0301', '🦊', '\uff5e', 'a"b\\c', '%_') },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme' }).filter(isStorable) },
)
const times = fc.constantFrom(
  '2011-05-13T04:42:34Z',
  '2011-05-13T06:42:34+02:00',
  '2011-05-13T04:42:34.001Z',
  '1969-12-31T23:59:59Z',
)

function scalars(attribute: Attribute): fc.Arbitrary<string | number | boolean> {
  if (attribute.type === 'boolean') return fc.boolean()
  if (attribute.type === 'integer') return fc.integer({ min: -3, max: 12 })
  if (attribute.type === 'decimal')
    return fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0)
  return attribute.type === 'dateTime' ? times : texts
}

function isStorable(text: string): boolean {
  return !text.includes('\u0000')
}
