import type { MigrationReport } from '@scimkit/sql-provider'
import { Command } from 'commander'
import { addStoreFlags, chosenStore, type StoreFlags } from './store-flags.js'
import { openStore } from './stores.js'
import type { Terminal } from './terminal.js'

/** The command `migrate`; `file` is the database if the flags name none. */
export function migrateCommand(file: string, terminal: Terminal): Command {
  const command = new Command('migrate').description(
    'Create the tables of a database or bring them up to date, and say what was done. May be run again, and by several at once.',
  )
  return addStoreFlags(command).action(async (flags: StoreFlags) => {
    const choice = chosenStore(flags, command, file)
    if (choice.kind === 'memory') command.error('error: memory has no tables to migrate.')
    const store = await openStore(choice, ({ reindexed }) => terminal.say(`indexing anew: ${reindexed} resources`))
    await store.close()
    if (store.migration !== undefined) process.stdout.write(`${store.place}: ${done(store.migration)}\n`)
  })
}

function done({ from, to, reindexed }: MigrationReport): string {
  if (from === to && reindexed === 0) return `schema ${to}, nothing to do`
  const steps = from === to ? `schema ${to}` : `schema ${from} → ${to}`
  return reindexed === 0 ? steps : `${steps}, ${reindexed} resources indexed anew`
}
