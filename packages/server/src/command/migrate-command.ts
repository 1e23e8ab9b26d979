import type { MigrationReport } from '@scimkit/sql-provider'
import { Command } from 'commander'
import { forgetPasswordsOfRemoved } from '../secrets/password-cleanup.js'
import { cannotUse, isStoreFailure } from '../startup-error.js'
import { openStore } from '../store/open-store.js'
import type { OpenStore } from '../store/store.js'
import type { Terminal } from '../terminal/terminal.js'
import { addPrintFlags, type PrintFlags, printedMigration } from './print-migration.js'
import { addStoreFlags, chosenStore, type StoreFlags } from './store-flags.js'

/** The command `migrate`; `file` is the default database. */
export function migrateCommand(file: string, terminal: Terminal): Command {
  const command = new Command('migrate').description(
    'Create or migrate the tables of a database and print the result. May be repeated, also by several processes at once.',
  )
  return addPrintFlags(addStoreFlags(command)).action(async (flags: StoreFlags & PrintFlags) => {
    const printed = await printedMigration(flags, command)
    if (printed !== undefined) return void process.stdout.write(printed)
    const choice = chosenStore(flags, command, file)
    if (choice.kind === 'memory') command.error('error: memory has no tables to migrate.')
    const store = await openStore(choice, ({ reindexed }) => terminal.say(`reindexing: ${reindexed} resources`))
    const forgotten = await forgottenIn(store)
    if (store.migration !== undefined) process.stdout.write(`${store.place}: ${done(store.migration, forgotten)}\n`)
  })
}

/** Deletes the password records of removed users, closes the store, and returns the number of deleted records. */
async function forgottenIn(store: OpenStore): Promise<number> {
  try {
    return await forgetPasswordsOfRemoved(store)
  } catch (error) {
    throw isStoreFailure(error) ? cannotUse(store.place, error) : error
  } finally {
    await store.close()
  }
}

function done({ from, to, reindexed }: MigrationReport, forgotten: number): string {
  if (from === to && reindexed === 0 && forgotten === 0) return `schema ${to}, nothing to do`
  return [
    from === to ? `schema ${to}` : `schema ${from} → ${to}`,
    ...(reindexed === 0 ? [] : [`${reindexed} resources reindexed`]),
    ...(forgotten === 0 ? [] : [`${forgotten} password records of removed users deleted`]),
  ].join(', ')
}
