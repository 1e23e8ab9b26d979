import type { SeededRandom } from '../../seeded-random.js'
import { enterpriseUrn } from '../writes.js'
import { emailTypes, words } from './generate-users.js'

const textPaths: readonly string[] = [
  'userName',
  'displayName',
  'nickName',
  'title',
  'externalId',
  'name.givenName',
  'name.familyName',
  'emails',
  'emails.value',
  'emails.type',
  `${enterpriseUrn}:department`,
  `${enterpriseUrn}:manager`,
  `${enterpriseUrn}:manager.value`,
  'unknown.attribute',
]
const presencePaths: readonly string[] = [...textPaths, 'name', 'active', 'emails.primary', enterpriseUrn]
const textOperators: readonly string[] = ['eq', 'eq', 'eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']

/** A random filter over users as SCIM text, with at most `depth` levels of `and`, `or` and `not`. */
export function generateFilter(random: SeededRandom, levels: number): string {
  if (levels === 0 || random.oneIn(3)) return term(random)
  const left = generateFilter(random, levels - 1)
  if (random.oneIn(4)) return `not (${left})`
  const right = generateFilter(random, levels - 1)
  return random.oneIn(2) ? `(${left}) and (${right})` : `(${left}) or (${right})`
}

function term(random: SeededRandom): string {
  switch (random.below(8)) {
    case 0:
      return `${respelled(random, random.pick(presencePaths))} pr`
    case 1:
      return `${respelled(random, random.pick(presencePaths))} ${random.pick(['eq', 'ne'])} null`
    case 2:
      return `${random.pick(['active', 'emails.primary'])} ${random.pick(['eq', 'ne'])} ${random.pick(['true', 'false'])}`
    case 3:
    case 4:
      return `emails[${emailFilter(random, 1)}]`
    default:
      return comparison(random, random.pick(textPaths))
  }
}

function emailFilter(random: SeededRandom, levels: number): string {
  if (levels > 0 && random.oneIn(2)) {
    const [left, right] = [emailFilter(random, 0), emailFilter(random, 0)]
    return random.oneIn(3) ? `not (${left}) and ${right}` : `${left} ${random.pick(['and', 'or'])} ${right}`
  }
  if (random.oneIn(3)) return `type ${random.pick(['eq', 'ne'])} ${JSON.stringify(random.pick(emailTypes))}`
  if (random.oneIn(4)) return random.pick(['type pr', 'primary eq true', 'primary ne true', 'primary pr'])
  return comparison(random, 'value')
}

function comparison(random: SeededRandom, path: string): string {
  const operator = random.pick(textOperators)
  return `${respelled(random, path)} ${respelled(random, operator)} ${JSON.stringify(wanted(random, operator))}`
}

// Substring operators mostly get substrings.
function wanted(random: SeededRandom, operator: string): string {
  const characters = [...random.pick(words)]
  if (operator === 'co' || operator === 'sw') return characters.slice(0, 1 + random.below(3)).join('')
  if (operator === 'ew') return characters.slice(-1 - random.below(3)).join('')
  return characters.join('')
}

// Names, URNs and operators ignore case.
function respelled(random: SeededRandom, text: string): string {
  if (random.oneIn(5)) return text.toUpperCase()
  return random.oneIn(5) ? text.toLowerCase() : text
}
