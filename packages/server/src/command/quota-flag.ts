import { groupType, userType } from '@scimkit/core'

/** How many resources of a type a tenant may have, by the name of the type. */
export type ChosenQuotas = Readonly<Record<string, number>>

const types: readonly string[] = [userType.name, groupType.name]

/**
 * Parses `User=1000` and adds it to the quotas parsed before. Throws a TypeError for an unknown type (it lists the known
 * ones), a duplicate one, or a value that is not a whole number.
 */
export function parseQuota(text: string, before: ChosenQuotas = {}): ChosenQuotas {
  const equals = text.indexOf('=')
  const [name, value] = equals === -1 ? [text, ''] : [text.slice(0, equals).trim(), text.slice(equals + 1).trim()]
  const type = types.find((each) => each.toLowerCase() === name.toLowerCase())
  if (type === undefined) {
    throw new TypeError(`Unknown resource type "${name}". Types: ${types.join(', ')}; for example User=1000.`)
  }
  if (Object.hasOwn(before, type)) throw new TypeError(`Duplicate quota ${type}.`)
  const number = isDigits(value) ? Number(value) : Number.NaN
  if (!Number.isSafeInteger(number)) {
    throw new TypeError(`${type}: expected a whole number from 0, for example ${type}=1000.`)
  }
  return { ...before, [type]: number }
}

function isDigits(text: string): boolean {
  return text !== '' && [...text].every((character) => character >= '0' && character <= '9')
}
