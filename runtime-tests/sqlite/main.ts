/**
 * The contracts on SQLite files, with the SQLite that the runtime itself has: Node from 22.13 on, Bun and Deno.
 *
 *   main [folder]      the databases are made in there
 */
import { argv, getBuiltinModule } from 'node:process'
import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
import { providerContract } from '@scimkit/testkit'
import { openSqlite } from '../../packages/sql-provider/dist/driver/sqlite-connection.js'
import { check, play } from '../contract.js'
import { inProcess } from '../in-process.js'

const folder = argv[2] ?? '.'
// What a killed process leaves is tested elsewhere; here nobody kills, and nobody need wait for the disk.
const storeIn = (name: string, history = 0) => sqliteProvider(`${folder}/${name}.db`, { durability: 'normal', history })

function isBuiltIn(): boolean {
  const connection = openSqlite(':memory:')
  const builtIn = getBuiltinModule('node:sqlite') ?? {}
  try {
    return 'DatabaseSync' in builtIn && connection.constructor === builtIn.DatabaseSync
  } finally {
    connection.close()
  }
}

const runtime = 'Bun' in globalThis ? 'Bun' : 'Deno' in globalThis ? 'Deno' : 'Node'
const place = inProcess(runtime, true, runtime === 'Node' ? 'node:crypto' : 'WebCrypto', storeIn)
const provider = storeIn('provider')
const remembering = storeIn('remembering', 3)
await play({
  ...place,
  itself: [...place.itself, check('sqlite', 'SQLite is that of node:sqlite', isBuiltIn)],
  more: [
    ...providerContract(() => provider),
    ...providerContract(() => remembering, { history: 3 }).filter(({ needs = [] }) => needs.includes('history')),
  ],
})
