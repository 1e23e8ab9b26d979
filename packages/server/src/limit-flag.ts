import { defaultLimits, type Limits, limitsFrom } from '@scimkit/core'
import type { Command } from 'commander'

/** The limits of a store, beside those of the server, with their defaults: memory and SQL stores have the same. */
export const defaultStoreLimits = { scanWork: 2_000_000, groupEdges: 5_000_000 } as const

/** Limits of a store by name, those that are not the default. */
export type StoreLimits = { readonly [Name in keyof typeof defaultStoreLimits]?: number }

/** Limits by name, those that are not the default. */
export type ChosenLimits = Partial<Limits> & StoreLimits

const defaults: Readonly<Record<string, number>> = { ...defaultLimits, ...defaultStoreLimits }

/** The limits of the server and those of its store. */
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
 * `maxPageSize=500`, beside those given before. Throws a TypeError for a name that does not exist (it lists those that
 * do), a name given twice, or a value that is not a whole number above 0.
 */
export function parseLimit(text: string, before: ChosenLimits = {}): ChosenLimits {
  const equals = text.indexOf('=')
  const [name, value] = equals === -1 ? [text, ''] : [text.slice(0, equals).trim(), text.slice(equals + 1).trim()]
  if (!Object.hasOwn(defaults, name)) throw new TypeError(unknown(name))
  if (Object.hasOwn(before, name)) throw new TypeError(`${name} is given twice.`)
  const number = isDigits(value) ? Number(value) : 0
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new TypeError(`${name}: expected a whole number above 0, as in ${name}=${defaults[name]}.`)
  }
  return { ...before, [name]: number }
}

/** Ends the command with a usage error if the limits cannot go together. */
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
  `There is no limit "${name}". Limits: ${Object.keys(defaults).join(', ')}; as in maxPageSize=500.`
