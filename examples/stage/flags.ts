/** The command line flags of an example. An invalid flag ends the program with a message about the expected value. */
import { parseArgs } from 'node:util'

/** The given flags, each with its text, or that of `defaults`; unknown flags end the program. */
export function flags<const Defaults extends Readonly<Record<string, string | undefined>>>(
  defaults: Defaults,
): { readonly [Name in keyof Defaults]: Defaults[Name] extends string ? string : string | undefined } {
  const options = Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: 'string' as const }]))
  try {
    const given: unknown = { ...defaults, ...parseArgs({ options }).values }
    return given as ReturnType<typeof flags<Defaults>>
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    const names = Object.keys(defaults).map((name) => `--${name}`)
    console.error(names.length === 0 ? 'This program has no flags.' : `Flags: ${names.join(', ')}.`)
    process.exit(2)
  }
}

/** The number of a flag. Ends the program if it is not a number or out of range. */
export function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= least && number <= most) return number
  console.error(`${flag}: expected a whole number from ${least} to ${most}, got "${text}"`)
  process.exit(2)
}
