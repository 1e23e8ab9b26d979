/** The number that a flag gives. Ends the program, and says what was expected, if it is none or out of bounds. */
export function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= least && number <= most) return number
  console.error(`${flag}: expected a whole number from ${least} to ${most}, got "${text}"`)
  process.exit(2)
}
