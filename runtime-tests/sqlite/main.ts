/**
 * The contracts on SQLite files, with the SQLite library of the runtime itself: Node from 22.13 on, Bun and Deno; or with
 * `better-sqlite3`, which is installed on demand.
 *
 *   main [folder [better-sqlite3]]      creates the databases in this folder
 */
import { argv } from 'node:process'
import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
import { providerContract } from '@scimkit/testkit'
import { chosenEngine } from '../../packages/sql-provider/dist/driver/sqlite/engines.js'
import { check, play } from '../contract.js'
import { inProcess } from '../in-process.js'

const folder = argv[2] ?? '.'
// Other tests cover crash safety. Here no process is killed, so writes need not wait for the disk.
const engine = argv[3] === 'better-sqlite3' ? argv[3] : 'node:sqlite'
const storeIn = (name: string, history = 0) =>
  sqliteProvider(`${folder}/${name}.db`, { durability: 'normal', history, engine, journal: 'wal' })

// A Node whose own SQLite has the fix of the WAL-reset bug is preferred to a package.
function isChosen(): boolean {
  const chosen = chosenEngine()
  return chosen === engine || chosen === 'node:sqlite'
}

const runtime = 'Bun' in globalThis ? 'Bun' : 'Deno' in globalThis ? 'Deno' : 'Node'
const place = inProcess(runtime, true, runtime === 'Node' ? 'node:crypto' : 'WebCrypto', storeIn)
const provider = storeIn('provider')
const remembering = storeIn('remembering', 3)
await play({
  ...place,
  itself: [...place.itself, check('sqlite', `SQLite is that of ${engine}`, isChosen)],
  more: [
    ...providerContract(() => provider),
    ...providerContract(() => remembering, { history: 3 }).filter(({ needs = [] }) => needs.includes('history')),
  ],
})
