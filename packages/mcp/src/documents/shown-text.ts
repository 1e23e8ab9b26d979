/**
 * A text of the directory as a result shows it: no control characters, no characters that change the direction or are
 * invisible, and no more than `length` characters. A model, and a person who reads the conversation, sees what there is.
 */
export function shownText(text: string, length: number): string {
  let shown = ''
  for (const character of text) {
    if (shown.length + character.length > length) return shown
    if (!isHidden(character)) shown += character
  }
  return shown
}

function isHidden(character: string): boolean {
  const code = character.codePointAt(0) ?? 0
  return hiddenRanges.some(([first, last]) => code >= first && code <= last)
}

const hiddenRanges: readonly (readonly [number, number])[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  // Soft hyphen, the Arabic letter mark, the Mongolian vowel separator.
  [0xad, 0xad],
  [0x61c, 0x61c],
  [0x180e, 0x180e],
  // Zero width characters and marks of direction.
  [0x200b, 0x200f],
  // Line and paragraph separators, embeddings and overrides of direction.
  [0x2028, 0x202e],
  // Word joiner, invisible operators, isolates, deprecated format characters.
  [0x2060, 0x206f],
  // Surrogates without a partner.
  [0xd800, 0xdfff],
  // The byte order mark, and interlinear annotations.
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb],
  // Tags: invisible copies of ASCII, in which instructions have been hidden from people.
  [0xe0000, 0xe007f],
]
