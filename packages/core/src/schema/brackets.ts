const quote = 0x22
const backslash = 0x5c

/** The offset of the quote that closes the string whose opening quote is at `open`; undefined if none does. */
export function closingQuote(text: string, open: number): number | undefined {
  for (let i = open + 1; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === quote) return i
    if (unit === backslash) i++
  }
  return undefined
}

/**
 * The offset of the `]` that closes the `[` at `from`, past any brackets inside quoted strings; undefined if none does.
 * @see RFC 7644 §3.5.2, figure 7 (`valuePath` in a PATCH path)
 */
export function endOfBracket(text: string, from: number): number | undefined {
  let depth = 0
  for (let i = from; i < text.length; i++) {
    const character = text[i]
    if (character === '"') {
      const close = closingQuote(text, i)
      if (close === undefined) return undefined
      i = close
    } else if (character === '[') depth++
    else if (character === ']' && --depth === 0) return i
  }
  return undefined
}
