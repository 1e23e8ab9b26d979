import { columns } from './columns.js'

/** A text in place of the line that stands there, cut to the terminal: a line that wraps can only be added to. */
export function movingLine(text: string, most: number = columns()): string {
  // One column stays free, as some terminals go to the next line when the last one is filled.
  return `\r${text.slice(0, Math.max(most - 1, 0))}\u001b[K`
}
