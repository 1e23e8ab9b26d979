import type { JsonObject, JsonValue } from '@scimkit/core/json'
import type { SeededRandom } from '../../seeded-random.js'
import { enterpriseUrn } from '../writes.js'

/** Words of users and filters: spellings that collide, different sort orders, special characters. */
export const words: readonly string[] = [
  'anna',
  'Anna',
  'ANNA',
  'ann',
  'Zo\u00eb',
  'Zoe\u0308',
  'ZO\u00cb',
  'stra\u00dfe',
  'STRASSE',
  '\u0130stanbul',
  'i\u0307stanbul',
  '\u039f\u0394\u039f\u03a3',
  '100%',
  '1000',
  'a_b',
  'axb',
  'a\\b',
  '"quoted"',
  "O'Brien'; --",
  '\uff5e',
  '\u{1f98a} fox',
  ' ',
  '10',
  '9',
  'null',
  'true',
]

/** The values of `emails.type`. */
export const emailTypes: readonly string[] = ['work', 'home', 'Work', 'other']

/** The attributes of a user, each present or absent; the userName is unique by its number. */
export function generateUser(random: SeededRandom, number: number): JsonObject {
  const user: Record<string, JsonValue> = { userName: `${random.pick(words)}-${number}` }
  for (const name of ['displayName', 'nickName', 'title', 'externalId']) {
    if (!random.oneIn(3)) user[name] = random.pick(words)
  }
  if (!random.oneIn(4)) user.active = random.oneIn(2)
  if (!random.oneIn(3)) user.name = { givenName: random.pick(words), familyName: random.pick(words) }
  if (!random.oneIn(3)) user.emails = Array.from({ length: 1 + random.below(3) }, () => generateEmail(random))
  if (random.oneIn(2)) {
    user[enterpriseUrn] = { department: random.pick(words), manager: { value: random.pick(words) } }
  }
  return user
}

function generateEmail(random: SeededRandom): JsonObject {
  const email: Record<string, JsonValue> = { value: random.pick(words) }
  if (!random.oneIn(4)) email.type = random.pick(emailTypes)
  if (random.oneIn(3)) email.primary = random.oneIn(2)
  return email
}
