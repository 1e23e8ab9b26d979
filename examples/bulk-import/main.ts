/**
 * 10,000 users into a SCIM server, with a progress bar. Stop it with Ctrl-C, or kill it, and run it again: it goes on
 * where it was. Run it once more when it is done: nothing changes. Whatever ends it early is told in one line.
 *
 *   npm run bulk-import -- [--users 10000] [--folder data/bulk-import] [--url https://…] [--stop-after n]
 *
 * Without `--url` it starts a server of its own, on a SQLite file in the folder. The token for another server is taken from
 * the environment, SCIMKIT_TOKEN. `--stop-after` dies after so many, to show what the next run makes of it.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ScimClient } from '@scimkit/client'
import { endWithReader } from '../stage/end-with-reader.js'
import { flags, wholeNumber } from '../stage/flags.js'
import { batchSize } from './batch-size.js'
import { type Bookmark, bookmarkIn } from './bookmark.js'
import { type Imported, importPeople } from './import-people.js'
import { person } from './people.js'
import { progressBar } from './progress-bar.js'
import { isThere, missingOf } from './roll-call.js'
import { ownServer, serverAt } from './server.js'
import { CannotBegin, whatWentWrong } from './what-went-wrong.js'

endWithReader()

const given = flags({ users: '10000', folder: 'data/bulk-import', url: undefined, 'stop-after': undefined })
const users = wholeNumber('--users', given.users, 1, 10_000_000)
const stopAfter =
  given['stop-after'] === undefined ? undefined : wholeNumber('--stop-after', given['stop-after'], 1, users)

let server = given.url === undefined ? undefined : serverAt(given.url)
let done = 0
try {
  makeFolder(given.folder)
  // One for each server: what is on one says nothing of another.
  const bookmark = bookmarkIn(join(given.folder, `bookmark ${encodeURIComponent(given.url ?? 'own')}`))
  done = Math.min(bookmark.at, users)
  server ??= await ownServer(join(given.folder, 'people.db'))
  if (done > 0 && !(await isBelievable(bookmark, server.client))) done = 0
  const tally = await bringTheRest(server.client, bookmark)
  console.log(`${tally.created} created, ${tally.updated} brought up to date, ${tally.unchanged} there already.`)
  await callTheRoll(server.client, bookmark)
} catch (error) {
  process.exitCode = 1
  console.error(whatWentWrong(error, done))
} finally {
  await server?.close()
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CannotBegin(`--folder: expected a folder, or one that can be made, got "${folder}" (${code})`)
  }
}

// The server may have been emptied since, or put back to what it was, or be another one at the same place.
async function isBelievable(bookmark: Bookmark, client: ScimClient): Promise<boolean> {
  const last = person(done - 1)
  if (await isThere(client, last)) {
    console.log(`Going on after the first ${done}.`)
    return true
  }
  console.log(`The first ${done} were done, but ${last.userName} is not on the server: beginning at the start.`)
  bookmark.remove()
  return false
}

async function bringTheRest(client: ScimClient, bookmark: Bookmark): Promise<Imported> {
  const atOnce = await batchSize(client)
  const tally: Imported = { created: 0, updated: 0, unchanged: 0 }
  const bar = progressBar(users, done)
  bar.show(done)
  try {
    while (done < users) {
      const batch = Array.from({ length: Math.min(atOnce, users - done) }, (_, i) => person(done + i))
      await importPeople(client, batch, tally)
      const next = done + batch.length
      // Dying between the import and the bookmark costs nothing: those people are found, and left alone.
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

// The bookmark has vouched for those before it, and this run for the others. Only the server knows.
async function callTheRoll(client: ScimClient, bookmark: Bookmark): Promise<void> {
  const { count, example } = await missingOf(client, users)
  bookmark.remove()
  if (example === undefined) {
    console.log(`All ${users} are on the server.`)
    return
  }
  done = 0
  throw new Error(`${count} of ${users} are not on the server, ${example.userName} for one`)
}
