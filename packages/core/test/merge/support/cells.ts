/**
 * A user as a table of cells that can be edited one by one, and the document of the table. The expected result of a
 * merge is computed from the cells, without a merge.
 */
import fc from 'fast-check'
import type { JsonObject, JsonValue } from '../../../src/json/value.js'
import { core, enterprise } from '../../resource/support/reading.js'
import { folded } from './documents.js'

/** The value of each cell; null for an empty one. */
export type Cells = ReadonlyMap<string, JsonValue>

const word = fc.constantFrom<JsonValue>('a', 'A', 'b', 'c', 'é "x"', null)
const present = fc.boolean() as fc.Arbitrary<JsonValue>

// E-mail 0 and 1 may change their value: each is the only one of its type. 2 may change its type, 3 may be removed, 4
// to 7 may be added.
const editable: Readonly<Record<string, fc.Arbitrary<JsonValue>>> = {
  title: word,
  nickName: word,
  externalId: word,
  active: fc.constantFrom<JsonValue>(true, false, null),
  'name.givenName': word,
  'name.familyName': word,
  'name.middleName': word,
  [`${enterprise}:department`]: word,
  [`${enterprise}:costCenter`]: word,
  [`${enterprise}:manager.value`]: fc.constantFrom<JsonValue>('7', '8', null),
  'emails.0.value': fc.constantFrom<JsonValue>('ada@work', 'lovelace@work', 'Ada@Work'),
  'emails.0.display': word,
  'emails.1.value': fc.constantFrom<JsonValue>('ada@home', 'byron@home'),
  'emails.1.display': word,
  'emails.2.type': fc.constantFrom<JsonValue>('other', 'club', null),
  'emails.2.display': word,
  'emails.3': present,
  'emails.4': present,
  'emails.5': present,
  'emails.primary': fc.constantFrom<JsonValue>(0, 1, 2, null),
  'addresses.work.locality': word,
  'addresses.home.locality': word,
  'addresses.home.country': word,
  'roles.0': present,
  'roles.1': present,
  'roles.2': present,
}

export const cellNames: readonly string[] = Object.keys(editable)

/** A user in any state. */
export const anyCells: fc.Arbitrary<Cells> = fc.record(editable).map((cells) => new Map(Object.entries(cells)))

/** The document of a table. */
export function documentOf(cells: Cells): JsonObject {
  const at = (name: string): JsonValue => cells.get(name) ?? null
  const primary = (i: number): JsonObject => (at('emails.primary') === i ? { primary: true } : {})
  const emails: readonly JsonObject[] = [
    { value: at('emails.0.value'), type: 'work', display: at('emails.0.display'), ...primary(0) },
    { value: at('emails.1.value'), type: 'home', display: at('emails.1.display'), ...primary(1) },
    { value: 'two@x', type: at('emails.2.type'), display: at('emails.2.display'), ...primary(2) },
  ]
  const others = [3, 4, 5]
    .filter((i) => at(`emails.${i}`) === true)
    .map((i) => ({ value: `${i}@x`, type: `kind ${i}` }))
  const roles = [0, 1, 2].filter((i) => at(`roles.${i}`) === true).map((i) => ({ value: `role ${i}` }))
  const manager = at(`${enterprise}:manager.value`)
  return withoutNulls({
    schemas: [core, enterprise],
    id: '42',
    userName: 'ada',
    title: at('title'),
    nickName: at('nickName'),
    externalId: at('externalId'),
    active: at('active'),
    name: { givenName: at('name.givenName'), familyName: at('name.familyName'), middleName: at('name.middleName') },
    emails: [...emails, ...others],
    roles,
    addresses: [
      { type: 'work', country: 'GB', locality: at('addresses.work.locality') },
      { type: 'home', locality: at('addresses.home.locality'), country: at('addresses.home.country') },
    ],
    [enterprise]: {
      employeeNumber: '1',
      department: at(`${enterprise}:department`),
      costCenter: at(`${enterprise}:costCenter`),
      manager: manager === null ? null : { value: manager },
    },
  })
}

function withoutNulls(value: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(value), (_key, part: JsonValue) => {
    if (part === null) return undefined
    const isEmpty = typeof part === 'object' && Object.keys(part).length === 0
    return isEmpty ? undefined : part
  }) as JsonObject
}

/** The table with some cells from another one. */
export function edited(cells: Cells, other: Cells, names: readonly string[]): Cells {
  return new Map([...cells, ...names.map((name) => [name, other.get(name) ?? null] as const)])
}

/** True if the cell has another value, where case does not count. `externalId` is the one cell where it does. */
export function isChanged(name: string, left: Cells, right: Cells): boolean {
  const [one, other] = [left.get(name) ?? null, right.get(name) ?? null]
  return name === 'externalId' ? one !== other : folded(one) !== folded(other)
}

/** The cells on which two editors of one table disagree. */
export function disputed(base: Cells, mine: Cells, theirs: Cells): readonly string[] {
  return cellNames.filter((name) => {
    const isDisputed = isChanged(name, base, mine) && isChanged(name, base, theirs) && isChanged(name, mine, theirs)
    // "None is primary" does not say which one is.
    const isYielding = name === 'emails.primary' && (mine.get(name) === null || theirs.get(name) === null)
    return isDisputed && !isYielding
  })
}

/** The path that a conflict about the cell has. */
export function pathOf(name: string, versions: readonly Cells[]): string {
  const [list = '', element = '', part = ''] = name.split('.')
  if (name === 'emails.primary') return 'emails[primary eq true]'
  if (list === 'addresses') return `addresses[type eq "${element}"].${part}`
  if (list !== 'emails') return name
  if (element === '2') return `emails[value eq "two@x"].${part}`
  const values = new Set(versions.map((cells) => folded(cells.get(`emails.${element}.value`))))
  if (values.size > 1) return `emails[type eq "${element === '0' ? 'work' : 'home'}"].${part}`
  return `emails[value eq "${versions.at(-1)?.get(`emails.${element}.value`)}"].${part}`
}
