const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const

/** Adds the codes of a terminal for a colour or style to a text. */
export type Colorize = (style: keyof typeof codes, text: string) => string

/**
 * Returns a function that colours texts, or one that returns texts unchanged. The caller decides: `util.styleText` checks
 * stdout by itself, but we write to stderr.
 */
export function colors(colour: boolean): Colorize {
  if (!colour) return (_style, text) => text
  return (style, text) => `\u001b[${codes[style][0]}m${text}\u001b[${codes[style][1]}m`
}
