import type { MigrationReport } from '@scimkit/sql-provider'
import { Command } from 'commander'
import { cannotUse, isStoreFailure } from './cannot-start.js'
import type { OpenStore } from './open-store.js'
import { forgetPasswordsOfRemoved } from './passwords-of-removed.js'
import { addPrintFlags, type PrintFlags, printedMigration } from './print-migration.js'
import { addStoreFlags, chosenStore, type StoreFlags } from './store-flags.js'
import { openStore } from './stores.js'
import type { Terminal } from './terminal.js'

/** The command `migrate`; `file` is the database if the flags name none. */
export function migrateCommand(file: string, terminal: Terminal): Command {
  const command = new Command('migrate').description(
    'Create the tables of a database or bring them up to date, and say what was done. May be run again, and by several at once.',
  )
  return addPrintFlags(addStoreFlags(command)).action(async (flags: StoreFlags & PrintFlags) => {
    const printed = await printedMigration(flags, command)
    if (printed !== undefined) return void process.stdout.write(printed)
    const choice = chosenStore(flags, command, file)
    if (choice.kind === 'memory') command.error('error: memory has no tables to migrate.')
    const store = await openStore(choice, ({ reindexed }) => terminal.say(`indexing anew: ${reindexed} resources`))
    const forgotten = await forgottenIn(store)
    if (store.migration !== undefined) process.stdout.write(`${store.place}: ${done(store.migration, forgotten)}\n`)
  })
}

/** Closes the store, and gives how many password records of removed users were deleted before. */
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
    ...(reindexed === 0 ? [] : [`${reindexed} resources indexed anew`]),
    ...(forgotten === 0 ? [] : [`${forgotten} password records of removed users deleted`]),
  ].join(', ')
}
