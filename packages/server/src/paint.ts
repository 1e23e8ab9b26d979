const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const

/** Colours a text for a terminal. */
export type Paint = (style: keyof typeof codes, text: string) => string

/**
 * A brush that paints, or one that leaves texts as they are. Whether is the caller's to say: `util.styleText` looks at
 * stdout by itself, and we write to stderr.
 */
export function painter(colour: boolean): Paint {
  if (!colour) return (_style, text) => text
  return (style, text) => `\u001b[${codes[style][0]}m${text}\u001b[${codes[style][1]}m`
}
