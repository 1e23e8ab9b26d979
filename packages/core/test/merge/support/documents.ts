/** Random documents for merge and diff, and a comparison of them that does not use the code under test. */
import fc from 'fast-check'
import { isArray, isObject, type JsonObject, type JsonValue } from '../../../src/json/value.js'
import type { ResourceType } from '../../../src/schema/attribute.js'
import { compileResourceType } from '../../../src/schema/compile.js'
import { core, enterprise, groupType, groupUrn, stored, userType } from '../../resource/support/reading.js'

export const deviceUrn = 'urn:example:Device'
export const deviceExtension = 'urn:example:DeviceExtension'

/** Attributes without an example in User and Group. */
export const deviceType: ResourceType = compileResourceType({
  name: 'Device',
  endpoint: '/Devices',
  schema: {
    id: deviceUrn,
    name: 'Device',
    attributes: {
      serial: { required: true, caseExact: true },
      bought: { type: 'dateTime' },
      ports: { type: 'integer' },
      weight: { type: 'decimal' },
      tags: { multiValued: true },
      codes: { multiValued: true, caseExact: true },
      sizes: { type: 'integer', multiValued: true },
      colour: { mutability: 'immutable' },
      seen: { type: 'dateTime', mutability: 'readOnly' },
      box: { type: 'complex', subAttributes: { label: {}, marks: { multiValued: true }, since: { type: 'dateTime' } } },
      // Neither value nor type.
      slots: { type: 'complex', multiValued: true, subAttributes: { row: { type: 'integer' }, card: {} } },
      owners: {
        type: 'complex',
        multiValued: true,
        subAttributes: {
          value: { caseExact: true, mutability: 'immutable' },
          $ref: { type: 'reference', referenceTypes: ['User'], mutability: 'immutable' },
          role: {},
          primary: { type: 'boolean' },
        },
      },
    },
  },
  extensions: [
    {
      schema: { id: deviceExtension, name: 'Ext', attributes: { site: {}, rooms: { multiValued: true } } },
      required: false,
    },
  ],
})

const word = fc.constantFrom('a', 'A', 'b', 'c', 'é', 'e\u0301', 'x "y" \\', '] or [', 'z'.repeat(900))
const short = fc.constantFrom('a', 'A', 'b', 'B', 'c', 'd')
const instant = fc.constantFrom('2020-01-01T00:00:00Z', '2020-01-01T01:00:00+01:00', '2021-06-01T00:00:00Z')
const type = fc.constantFrom('work', 'Work', 'home', 'other')

type Parts = Readonly<Record<string, fc.Arbitrary<JsonValue>>>

function some(parts: Parts): fc.Arbitrary<JsonObject> {
  return fc.record(parts, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>
}

/** Elements, no two of one value and type, at most one of them primary. */
function plural(parts: Parts): fc.Arbitrary<readonly JsonObject[]> {
  const selector = (element: JsonObject): string => folded([element.value ?? element, element.type ?? null])
  const elements = fc.uniqueArray(some(parts), { maxLength: 4, selector })
  return fc
    .tuple(elements, fc.nat(7))
    .map(([list, chosen]) => list.map((one, i) => (i === chosen ? { ...one, primary: true } : one)))
}

const contact = plural({ value: word, type, display: short })
const address = plural({ type, streetAddress: short, locality: short })

const user = fc.record(
  {
    userName: short,
    externalId: word,
    title: word,
    active: fc.boolean(),
    name: some({ givenName: short, familyName: word, middleName: short }),
    emails: contact,
    roles: contact,
    addresses: address,
    [enterprise]: some({ department: short, division: short, manager: fc.record({ value: short }) }),
  },
  { requiredKeys: ['userName'] },
)

const group = fc.record(
  {
    displayName: short,
    members: fc
      .uniqueArray(fc.nat(12), { maxLength: 8 })
      .map((ids) => ids.map((id) => ({ value: `${id}`, type: id % 3 === 0 ? 'Group' : 'User' }))),
  },
  { requiredKeys: ['displayName'] },
)

const device = fc.record(
  {
    serial: short,
    bought: instant,
    ports: fc.nat(2),
    weight: fc.constantFrom(1.5, 2),
    tags: fc.uniqueArray(word, { maxLength: 4, selector: folded }),
    codes: fc.uniqueArray(short, { maxLength: 4 }),
    sizes: fc.uniqueArray(fc.nat(4), { maxLength: 4 }),
    box: some({ label: short, marks: fc.uniqueArray(short, { maxLength: 3, selector: folded }), since: instant }),
    slots: fc.uniqueArray(some({ row: fc.nat(2), card: short }), { maxLength: 3, selector: folded }),
    owners: fc.uniqueArray(fc.record({ value: short, role: short }, { requiredKeys: ['value'] }), {
      maxLength: 3,
      selector: ({ value }) => value,
    }),
    [deviceExtension]: some({ site: short, rooms: fc.uniqueArray(short, { maxLength: 3, selector: folded }) }),
  },
  { requiredKeys: ['serial'] },
)

export type Kind = 'User' | 'Group' | 'Device'

export const typeOf: Readonly<Record<Kind, ResourceType>> = { User: userType, Group: groupType, Device: deviceType }

const drafts: Readonly<Record<Kind, { readonly urn: string; readonly draft: fc.Arbitrary<object> }>> = {
  User: { urn: core, draft: user },
  Group: { urn: groupUrn, draft: group },
  Device: { urn: deviceUrn, draft: device },
}

/** Several states of one resource: apart, or each the first with a few attributes from another. */
export interface States {
  readonly kind: Kind
  readonly documents: readonly JsonObject[]
}

export function states(count: number): fc.Arbitrary<States> {
  return fc.constantFrom<Kind>('User', 'User', 'Group', 'Device').chain((kind) => {
    const { urn, draft } = drafts[kind]
    const one = fc.tuple(draft as fc.Arbitrary<JsonObject>, fc.boolean(), fc.nat(0x7fffffff))
    return fc.array(one, { minLength: count, maxLength: count }).map((all) => {
      const [[first] = [{}]] = all
      const documents = all.map(([given, isApart, mask], i) =>
        stored(typeOf[kind], { schemas: [urn], ...(i === 0 || isApart ? given : mixed(first, given, mask)) }),
      )
      return { kind, documents }
    })
  })
}

function mixed(first: JsonObject, other: JsonObject, mask: number): JsonObject {
  const names = [...new Set([...Object.keys(first), ...Object.keys(other)])]
  const chosen = names.map((name, i) => [name, (((mask >> (i * 2)) & 3) === 3 ? other : first)[name]] as const)
  return Object.fromEntries(chosen.filter((entry): entry is readonly [string, JsonValue] => entry[1] !== undefined))
}

/** One text for documents that are equal as written: lists without order, `primary: false` as absent, instants. */
export function written(value: JsonValue | undefined): string {
  return JSON.stringify(normal(value ?? null, (text) => text))
}

/** One text for documents that are equal where case is ignored. */
export function folded(value: JsonValue | undefined): string {
  return JSON.stringify(normal(value ?? null, (text) => text.normalize('NFC').toLowerCase()))
}

function normal(value: JsonValue, fold: (text: string) => string): JsonValue {
  if (typeof value === 'string') return value.startsWith('202') ? new Date(value).toISOString() : fold(value)
  if (isArray(value)) return value.map((element) => normal(element, fold)).sort((a, b) => (text(a) < text(b) ? -1 : 1))
  if (!isObject(value)) return value
  const parts = Object.entries(value).filter(([name, part]) => !(name === 'primary' && part === false))
  const sorted = parts.sort(([left], [right]) => (left < right ? -1 : 1))
  return Object.fromEntries(sorted.map(([name, part]) => [name, normal(part, fold)]))
}

function text(value: JsonValue): string {
  return JSON.stringify(value)
}
