/** What an example is told on its command line. Whatever is wrong with it ends the program, and says what was expected. */
import { parseArgs } from 'node:util'

/** The flags that were given, each with its text, or that of `defaults`; no others are taken. */
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
    console.error(names.length === 0 ? 'There are no flags.' : `There are: ${names.join(', ')}.`)
    process.exit(2)
  }
}

/** The number that a flag gives. Ends the program if it is none or out of bounds. */
export function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= least && number <= most) return number
  console.error(`${flag}: expected a whole number from ${least} to ${most}, got "${text}"`)
  process.exit(2)
}
