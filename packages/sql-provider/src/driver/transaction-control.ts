/** Statements that begin or end a transaction: the code of a host must not run them in the unit of a write. */

const words: ReadonlySet<string> = new Set(['begin', 'start', 'commit', 'end', 'rollback', 'abort', 'prepare'])

/** True for a text whose first statement begins or ends a transaction, and for ROLLBACK TO. Later statements are not read. */
export function controlsTransaction(text: string): boolean {
  const start = afterBlanks(text, 0)
  let end = start
  while (isLetter(text.charCodeAt(end))) end += 1
  return words.has(text.slice(start, end).toLowerCase())
}

/** The index of the first character that is no blank, no comment and no empty statement. */
function afterBlanks(text: string, from: number): number {
  for (let at = from; ; ) {
    if (isBlank(text[at])) at += 1
    else if (text.startsWith('--', at)) at = indexAfter(text, '\n', at)
    else if (text.startsWith('/*', at)) at = indexAfter(text, '*/', at)
    else return at
  }
}

function indexAfter(text: string, end: string, from: number): number {
  const found = text.indexOf(end, from)
  return found < 0 ? text.length : found + end.length
}

function isBlank(character: string | undefined): boolean {
  return character !== undefined && (character === ';' || character.trim() === '')
}

function isLetter(unit: number): boolean {
  return (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122)
}
