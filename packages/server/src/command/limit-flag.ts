import { defaultLimits, type Limits, limitsFrom } from '@scimkit/core'
import type { Command } from 'commander'
import { defaultStoreLimits, type StoreLimits } from '../store/store-limits.js'

/** Limits by name; only those that are not the default. */
export type ChosenLimits = Partial<Limits> & StoreLimits

const defaults: Readonly<Record<string, number>> = { ...defaultLimits, ...defaultStoreLimits }

/** Separates the limits of the server from those of its store. */
export function dividedLimits({ scanWork, groupEdges, ...server }: ChosenLimits): {
  readonly server: Partial<Limits>
  readonly store: StoreLimits
} {
  return {
    server,
    store: { ...(scanWork !== undefined && { scanWork }), ...(groupEdges !== undefined && { groupEdges }) },
  }
}

/**
 * Parses `maxPageSize=500` and adds it to the limits parsed before. Throws a TypeError for an unknown name (it lists the
 * known ones), a duplicate name, or a value that is not a whole number above 0.
 */
export function parseLimit(text: string, before: ChosenLimits = {}): ChosenLimits {
  const equals = text.indexOf('=')
  const [name, value] = equals === -1 ? [text, ''] : [text.slice(0, equals).trim(), text.slice(equals + 1).trim()]
  if (!Object.hasOwn(defaults, name)) throw new TypeError(unknown(name))
  if (Object.hasOwn(before, name)) throw new TypeError(`Duplicate limit ${name}.`)
  const number = isDigits(value) ? Number(value) : 0
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new TypeError(`${name}: expected a whole number above 0, for example ${name}=${defaults[name]}.`)
  }
  return { ...before, [name]: number }
}

/** Ends the command with a usage error if limits exclude each other. */
export function checkLimits(limits: ChosenLimits, command: Command): void {
  try {
    limitsFrom(dividedLimits(limits).server)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    command.error(`error: --limit: ${error.message}`)
  }
}

/** Every limit with its default, for the help: `bodyBytes=1048576`. */
export const limitsHelp: string = Object.entries(defaults)
  .map(([name, value]) => `  ${name}=${value}`)
  .join('\n')

function isDigits(text: string): boolean {
  return text !== '' && [...text].every((character) => character >= '0' && character <= '9')
}

const unknown = (name: string): string =>
  `Unknown limit "${name}". Limits: ${Object.keys(defaults).join(', ')}; for example maxPageSize=500.`
