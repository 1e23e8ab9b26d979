/** How much of a directory's data a result shows. */
export interface ResultBounds {
  /** Characters of a text; the rest is left out. Default 1,000. */
  readonly textLength: number
  /** Elements of a list attribute, such as the members of a group. Default 100. */
  readonly listLength: number
}

/** The default bounds. */
export const defaultBounds: ResultBounds = { textLength: 1_000, listLength: 100 }

/** The bounds with the defaults filled in. Throws a TypeError that names the option if one is invalid. */
export function boundsFrom(given: Partial<ResultBounds> = {}): ResultBounds {
  const bounds = { ...defaultBounds, ...given }
  for (const [name, value] of Object.entries(bounds)) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new TypeError(`options.bounds.${name}: expected a whole number above 0`)
    }
  }
  return bounds
}
