import { columns } from './columns.js'

/** A text that overwrites the current line, truncated to the terminal: a line that wraps cannot be overwritten. */
export function movingLine(text: string, most: number = columns()): string {
  // One column stays free, because some terminals wrap when the last one is filled.
  return `\r${text.slice(0, Math.max(most - 1, 0))}\u001b[K`
}
