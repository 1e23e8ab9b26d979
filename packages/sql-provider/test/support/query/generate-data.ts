/** Generates resources for queries from a seed: values that a client can send, and values that only an older schema accepted. */
import type { JsonObject, JsonValue, ResourceRef } from '@scimkit/core'
import type { SeededRandom } from '../../../../testkit/src/seeded-random.js'
import { numbers, texts, times } from './nasty-values.js'
import { enterprise, type TypeName } from './types.js'

/** One resource before it is written. */
export interface Made {
  readonly ref: ResourceRef & { readonly type: TypeName }
  readonly document: JsonObject
  /** Ids of members, for groups. */
  readonly members: readonly string[]
}

/** A set of resources in the order in which they are inserted. */
export function generateData(random: SeededRandom, size: number): readonly Made[] {
  const refs = Array.from({ length: size }, (_, number) => ({ type: typeAt(random), id: idAt(random, number) }))
  const ids = [...refs.map(({ id }) => id), 'nobody', 'N\u00eb']
  return refs.map((ref, number) => ({
    ref,
    document: { schemas: schemasOf(random), id: ref.id, ...attributesOf(random, ref.type, number, ids) },
    members: ref.type === 'Group' ? some(random, ids, random.oneIn(4) ? size : 4) : [],
  }))
}

function typeAt(random: SeededRandom): TypeName {
  const roll = random.below(10)
  if (roll < 5) return 'User'
  return roll < 8 ? 'Group' : 'Device'
}

// Several ids have the same key: they differ in Unicode composition, which filters ignore and references do not.
function idAt(random: SeededRandom, number: number): string {
  switch (random.below(4)) {
    case 0:
      return number % 2 === 0 ? `e\u0308-${number}` : `\u00eb-${number - 1}`
    case 1:
      return `ID-${number}`
    default:
      return `id-${number}`
  }
}

function schemasOf(random: SeededRandom): JsonValue {
  return random.oneIn(3) ? ['urn:a', 'urn:b'] : ['urn:a']
}

function attributesOf(random: SeededRandom, type: TypeName, number: number, ids: readonly string[]): JsonObject {
  if (type === 'Group') return groupAttributes(random)
  return type === 'User' ? userAttributes(random, number, ids) : deviceAttributes(random)
}

function userAttributes(random: SeededRandom, number: number, ids: readonly string[]): JsonObject {
  const user: Record<string, JsonValue> = { userName: `${random.pick(texts)}${random.oneIn(2) ? number : ''}` }
  for (const name of ['displayName', 'nickName', 'title', 'externalId']) maybe(random, user, name, texts)
  if (!random.oneIn(4)) user.active = random.oneIn(8) ? 'true' : random.oneIn(2)
  if (!random.oneIn(3)) {
    const name: Record<string, JsonValue> = {}
    maybe(random, name, 'familyName', texts)
    maybe(random, name, 'givenName', texts)
    user.name = name
  }
  if (!random.oneIn(3)) user.emails = Array.from({ length: random.below(4) }, () => email(random))
  if (random.oneIn(3)) user.photos = [{ value: random.pick(texts) }, { value: random.pick(texts), primary: true }]
  if (random.oneIn(2)) {
    const extension: Record<string, JsonValue> = {}
    maybe(random, extension, 'department', texts)
    if (random.oneIn(2)) extension.manager = { value: random.pick(ids) }
    user[enterprise] = extension
  }
  return user
}

function email(random: SeededRandom): JsonValue {
  if (random.oneIn(30)) return null
  const made: Record<string, JsonValue> = {}
  maybe(random, made, 'value', texts)
  if (!random.oneIn(3)) made.type = random.pick(['work', 'Work', 'home', ''])
  if (random.oneIn(3)) made.primary = random.oneIn(2)
  return made
}

function groupAttributes(random: SeededRandom): JsonObject {
  const group: Record<string, JsonValue> = {}
  maybe(random, group, 'displayName', texts)
  maybe(random, group, 'externalId', texts)
  return group
}

function deviceAttributes(random: SeededRandom): JsonObject {
  const device: Record<string, JsonValue> = {}
  for (const name of ['displayName', 'serial', 'print']) maybe(random, device, name, texts)
  for (const name of ['size', 'weight']) maybe(random, device, name, random.oneIn(8) ? ['10', true] : numbers)
  maybe(random, device, 'bought', random.oneIn(8) ? ['soon', 5] : times)
  if (random.oneIn(2)) device.repaired = some(random, times, 3)
  if (random.oneIn(2)) device.lost = random.oneIn(2)
  if (random.oneIn(2)) device.tags = some(random, texts, 4)
  return device
}

// The memory provider looks these up as single values.
const findable: readonly string[] = ['userName', 'externalId', 'displayName']

// An attribute may be absent, null, of another type than its schema says, or a list where the schema has one value.
function maybe(
  random: SeededRandom,
  target: Record<string, JsonValue>,
  name: string,
  values: readonly (string | number | boolean)[],
): void {
  const roll = random.below(40)
  if (roll < 10) return
  if (roll === 10) target[name] = null
  else if (roll === 11) target[name] = random.pick([7, true, '7'])
  else if (roll === 12 && !findable.includes(name)) target[name] = [random.pick(values), random.pick(values)]
  else target[name] = random.pick(values)
}

function some<Value>(random: SeededRandom, values: readonly Value[], most: number): Value[] {
  return Array.from({ length: random.below(most + 1) }, () => random.pick(values))
}
