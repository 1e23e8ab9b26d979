/**
 * 10,000 users into a SCIM server, with a progress bar. Stop it with Ctrl-C, or kill it, and run it again: it goes on
 * where it was. Run it once more when it is done: nothing changes.
 *
 *   npm run bulk-import -- [--users 10000] [--folder data/bulk-import] [--url https://…] [--stop-after n]
 *
 * Without `--url` it starts a server of its own, on a SQLite file in the folder. The token for another server is taken from
 * the environment, SCIMKIT_TOKEN. `--stop-after` dies after so many, to show what the next run makes of it.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createClient } from '@scimkit/client'
import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
import { flags, wholeNumber } from '../stage/flags.js'
import { serve } from '../stage/serve.js'
import { bookmarkIn } from './bookmark.js'
import { type Imported, importPeople } from './import-people.js'
import { person } from './people.js'
import { progressBar } from './progress-bar.js'

const given = flags({ users: '10000', folder: 'data/bulk-import', url: undefined, 'stop-after': undefined })
const users = wholeNumber('--users', given.users, 1, 10_000_000)
const stopAfter =
  given['stop-after'] === undefined ? undefined : wholeNumber('--stop-after', given['stop-after'], 1, users)

mkdirSync(given.folder, { recursive: true })
const own = given.url === undefined ? await openOwn(join(given.folder, 'people.db')) : undefined
const token = process.env.SCIMKIT_TOKEN
const client = createClient(own?.url ?? given.url ?? '', token === undefined ? {} : { token })

// One for each server: what is on one says nothing of another.
const bookmark = bookmarkIn(join(given.folder, `bookmark ${encodeURIComponent(given.url ?? 'own')}`))
if (bookmark.at > 0) console.log(`Going on after the first ${bookmark.at}.`)

const { bulk } = await client.discovery.config()
const atOnce = Math.min(bulk?.maxOperations ?? 100, 500)
const tally: Imported = { created: 0, updated: 0, unchanged: 0 }
const bar = progressBar(users, Math.min(bookmark.at, users))

for (let done = bookmark.at; done < users; ) {
  const batch = Array.from({ length: Math.min(atOnce, users - done) }, (_, i) => person(done + i))
  await importPeople(client, batch, tally)
  done += batch.length
  // Dying between the import and the bookmark costs nothing: those people are found, and left alone.
  if (stopAfter !== undefined && done >= stopAfter) process.kill(process.pid, 'SIGKILL')
  bookmark.set(done)
  bar.show(done)
}
bar.end()
bookmark.remove()

const { totalResults = 0 } = await client.users.query({ count: 0 })
console.log(`${tally.created} created, ${tally.updated} brought up to date, ${tally.unchanged} there already.`)
console.log(`${totalResults} users on the server.`)
await own?.close()
if (totalResults < users) {
  console.error(`Expected at least ${users}.`)
  process.exitCode = 1
}

async function openOwn(file: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const provider = sqliteProvider(file)
  const server = await serve(provider)
  console.log(`A server of its own, on ${file}: ${server.url}`)
  return {
    url: server.url,
    async close() {
      await server.close()
      await provider.close()
    },
  }
}
