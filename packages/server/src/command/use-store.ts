import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { cannotUse, isStoreFailure, StartupError } from '../startup-error.js'
import { openStore } from '../store/open-store.js'
import type { OpenStore } from '../store/store.js'
import { chosenStore, type StoreFlags } from './store-flags.js'

/**
 * Runs `work` with the existing database that the flags select, beside a server; its tables are neither created nor migrated.
 * Throws a StartupError with the reason if it cannot be used; memory is a usage error.
 */
export async function useStore(
  flags: StoreFlags,
  command: Command,
  file: string,
  work: (store: OpenStore) => Promise<void>,
): Promise<void> {
  const choice = chosenStore(flags, command, file)
  if (choice.kind === 'memory') command.error('error: memory has no data of an earlier process.')
  if (choice.kind === 'sqlite' && !existsSync(choice.path)) {
    throw new StartupError(`Cannot use ${choice.path}: file not found.`)
  }
  const store = await openStore(choice, 'never')
  try {
    await work(store)
  } catch (error) {
    throw isStoreFailure(error) ? cannotUse(store.place, error) : error
  } finally {
    await store.close()
  }
}
