/** Where an import is, kept in a file, so that the next run goes on there. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { CannotBegin } from './what-went-wrong.js'

/** A place in a list, on disk. */
export interface Bookmark {
  /** How many were done when it was set; 0 without a file. */
  readonly at: number
  /** Sets it. A process that dies in the middle of this leaves the old one. */
  set(done: number): void
  remove(): void
}

/** The bookmark in that file. Throws if there is something else in it. */
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
    throw new CannotBegin(`${file}: expected a number, so it is no bookmark of an import; delete it, and run it again`)
  return at
}
