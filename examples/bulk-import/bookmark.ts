/** The progress of an import, stored in a file, so that the next run continues there. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { CannotStart } from './error-message.js'

/** A position in a list, on disk. */
export interface Bookmark {
  /** The number of imported people when it was set; 0 without a file. */
  readonly at: number
  /** Sets it atomically: after a crash the file has the old or the new value. */
  set(done: number): void
  remove(): void
}

/** The bookmark in the file. Throws if the file has other content. */
export function bookmarkIn(file: string): Bookmark {
  const at = read(file)
  return {
    at,
    set(done) {
      writeFileSync(`${file}.new`, String(done))
      renameSync(`${file}.new`, file)
    },
    remove: () => rmSync(file, { force: true }),
  }
}

function read(file: string): number {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
  const at = Number(text)
  if (!Number.isSafeInteger(at) || at < 0)
    throw new CannotStart(
      `${file}: expected a number, so it is not a bookmark of an import; delete it, and run it again`,
    )
  return at
}
