import { defaultLimits, type Limits, limitsFrom } from '@scimkit/core'
import type { Command } from 'commander'

/** Limits by name, those that are not the default. */
export type ChosenLimits = Partial<Limits>

/**
 * `maxPageSize=500`, beside those given before. Throws a TypeError for a name that does not exist (it lists those that
 * do), a name given twice, or a value that is not a whole number above 0.
 */
export function parseLimit(text: string, before: ChosenLimits = {}): ChosenLimits {
  const equals = text.indexOf('=')
  const [name, value] = equals === -1 ? [text, ''] : [text.slice(0, equals).trim(), text.slice(equals + 1).trim()]
  if (!Object.hasOwn(defaultLimits, name)) throw new TypeError(unknown(name))
  if (Object.hasOwn(before, name)) throw new TypeError(`${name} is given twice.`)
  const number = isDigits(value) ? Number(value) : 0
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new TypeError(
      `${name}: expected a whole number above 0, as in ${name}=${defaultLimits[name as keyof Limits]}.`,
    )
  }
  return { ...before, [name]: number }
}

/** Ends the command with a usage error if the limits cannot go together. */
export function checkLimits(limits: ChosenLimits, command: Command): void {
  try {
    limitsFrom(limits)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    command.error(`error: --limit: ${error.message}`)
  }
}

/** Every limit with its default, for the help: `bodyBytes=1048576`. */
export const limitsHelp: string = Object.entries(defaultLimits)
  .map(([name, value]) => `  ${name}=${value}`)
  .join('\n')

function isDigits(text: string): boolean {
  return text !== '' && [...text].every((character) => character >= '0' && character <= '9')
}

const unknown = (name: string): string =>
  `There is no limit "${name}". Limits: ${Object.keys(defaultLimits).join(', ')}; as in maxPageSize=500.`
