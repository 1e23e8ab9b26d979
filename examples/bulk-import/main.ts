/**
 * Imports 10,000 users into a SCIM server, with a progress bar. Stop it with Ctrl-C, or kill it, and run it again: it
 * continues where it stopped. Run it once more when it is done: nothing changes. Errors are reported in one line.
 *
 *   npm run bulk-import -- [--users 10000] [--folder data/bulk-import] [--url https://…] [--stop-after n]
 *
 * Without `--url` it starts its own server, on a SQLite file in the folder. The token for another server is read from
 * the environment variable SCIMKIT_TOKEN. `--stop-after` kills the process after n users, to show how the next run continues.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ScimClient } from '@scimkit/client'
import { exitOnEpipe } from '../stage/exit-on-epipe.js'
import { flags, wholeNumber } from '../stage/flags.js'
import { batchSize } from './batch-size.js'
import { type Bookmark, bookmarkIn } from './bookmark.js'
import { CannotStart, errorMessage } from './error-message.js'
import { type Imported, importPeople } from './import-people.js'
import { isThere, missingOf } from './missing-people.js'
import { person } from './people.js'
import { progressBar } from './progress-bar.js'
import { ownServer, serverAt } from './server.js'

exitOnEpipe()

const given = flags({ users: '10000', folder: 'data/bulk-import', url: undefined, 'stop-after': undefined })
const users = wholeNumber('--users', given.users, 1, 10_000_000)
const stopAfter =
  given['stop-after'] === undefined ? undefined : wholeNumber('--stop-after', given['stop-after'], 1, users)

let server = given.url === undefined ? undefined : serverAt(given.url)
let done = 0
try {
  makeFolder(given.folder)
  // One bookmark per server, because each server has its own users.
  const bookmark = bookmarkIn(join(given.folder, `bookmark ${encodeURIComponent(given.url ?? 'own')}`))
  done = Math.min(bookmark.at, users)
  server ??= await ownServer(join(given.folder, 'people.db'))
  if (done > 0 && !(await isValid(bookmark, server.client))) done = 0
  const tally = await importRemaining(server.client, bookmark)
  console.log(`${tally.created} created, ${tally.updated} updated, ${tally.unchanged} unchanged.`)
  await verifyImport(server.client, bookmark)
} catch (error) {
  process.exitCode = 1
  console.error(errorMessage(error, done))
} finally {
  await server?.close()
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CannotStart(`--folder: expected a folder, or a path where one can be created, got "${folder}" (${code})`)
  }
}

// The server may have been emptied or restored since, or replaced by another one at the same URL.
async function isValid(bookmark: Bookmark, client: ScimClient): Promise<boolean> {
  const last = person(done - 1)
  if (await isThere(client, last)) {
    console.log(`Continuing after the first ${done}.`)
    return true
  }
  console.log(`The first ${done} were done, but ${last.userName} is not on the server: starting from the beginning.`)
  bookmark.remove()
  return false
}

async function importRemaining(client: ScimClient, bookmark: Bookmark): Promise<Imported> {
  const atOnce = await batchSize(client)
  const tally: Imported = { created: 0, updated: 0, unchanged: 0 }
  const bar = progressBar(users, done)
  bar.show(done)
  try {
    while (done < users) {
      const batch = Array.from({ length: Math.min(atOnce, users - done) }, (_, i) => person(done + i))
      await importPeople(client, batch, tally)
      const next = done + batch.length
      // A crash between the import and the bookmark is harmless: the people are found, and stay unchanged.
      if (stopAfter !== undefined && next >= stopAfter) process.kill(process.pid, 'SIGKILL')
      bookmark.set(next)
      done = next
      bar.show(done)
    }
  } finally {
    bar.end()
  }
  return tally
}

// The bookmark and this run only record what was sent; the server is the authority.
async function verifyImport(client: ScimClient, bookmark: Bookmark): Promise<void> {
  const { count, example } = await missingOf(client, users)
  bookmark.remove()
  if (example === undefined) {
    console.log(`All ${users} are on the server.`)
    return
  }
  done = 0
  throw new Error(`${count} of ${users} are not on the server, ${example.userName} for one`)
}
