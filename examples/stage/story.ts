/** Prints a tour line by line, and ends the program if a statement is false. */
import { isDeepStrictEqual, styleText } from 'node:util'
import { columns } from './columns.js'

/** The output of a tour. */
export interface Story {
  /** A heading. */
  chapter(title: string): void
  /** A paragraph. */
  say(text: string): void
  /** Unchanged lines: a request, a response, a table. */
  show(...lines: readonly string[]): void
  /** Checks a statement and prints it. Throws, with both values, if it is false. */
  check(claim: string, actual: unknown, expected: unknown): void
  /** The number of checked statements. */
  readonly checked: () => number
}

// Outputs that are not terminals always get lines of this length, so that pages and tests can quote them.
const widest = 92

/** Creates the output on the terminal, in colour unless NO_COLOR is set. */
export function newStory(write: (line: string) => void = console.log): Story {
  const isTerminal = process.stdout.isTTY === true
  const isColoured = isTerminal && process.env.NO_COLOR === undefined
  const paint = (style: 'bold' | 'green' | 'dim', text: string): string => (isColoured ? styleText(style, text) : text)
  let chapters = 0
  let checks = 0
  let saidLast = false
  return {
    chapter(title) {
      chapters += 1
      const heading = `${chapters}. ${title}`
      write('')
      write(paint('bold', heading))
      write(paint('bold', '─'.repeat(heading.length)))
    },
    say(text) {
      write('')
      const width = isTerminal ? Math.min(widest, columns()) : widest
      for (const line of wrapped(text, width)) write(line)
      saidLast = true
    },
    show(...lines) {
      write('')
      for (const line of lines) write(paint('dim', `    ${shortened(line)}`))
      saidLast = true
    },
    check(claim, actual, expected) {
      if (!isDeepStrictEqual(actual, expected)) {
        throw new Error(`${claim}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`)
      }
      checks += 1
      if (saidLast) write('')
      saidLast = false
      write(`  ${paint('green', '✓')} ${claim}`)
    },
    checked: () => checks,
  }
}

function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

/** Shortens ids, digests and nonces, to make them comparable for readers. */
export function shortened(text: string): string {
  return text
    .replace(/([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '$1…')
    .replace(/(\d+-[0-9a-f]{6})[0-9a-f]{10}-([0-9a-f]{4})[0-9a-f]{8}/g, '$1…-$2…')
}
