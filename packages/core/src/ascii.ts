/** The ASCII classes of UTF-16 units; for grammars, which are read by hand because no RegExp runs on user text. */

/** `0` to `9`. */
export function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39
}

/** `A` to `Z`, `a` to `z`. */
export function isLetter(unit: number): boolean {
  return (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a)
}

/** True if every character is a letter, a digit or one of `marks`; true for an empty text. */
export function consistsOf(text: string, marks: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (!isDigit(unit) && !isLetter(unit) && !marks.includes(text[i] as string)) return false
  }
  return true
}

/** True if the text is digits, at least one. */
export function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!isDigit(text.charCodeAt(i))) return false
  return text.length > 0
}

/** True for a text of 1 to `longest` visible ASCII characters: no blank, no control character. */
export function isVisible(text: string, longest: number): boolean {
  if (text.length === 0 || text.length > longest) return false
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x21 || unit > 0x7e) return false
  }
  return true
}
