import { ConnectionError, type Connections, scimConnections } from '@scimkit/connections'
import type { Command } from 'commander'
import { cannotUse, isStoreFailure, StartupError } from '../../startup-error.js'
import { openStore } from '../../store/open-store.js'
import type { OpenStore } from '../../store/store.js'
import type { Terminal } from '../../terminal/terminal.js'
import { chosenStore, type StoreFlags } from '../store-flags.js'

/** How the store of a command is found. */
export interface StorePlace {
  readonly flags: StoreFlags
  readonly command: Command
  /** The default database. */
  readonly file: string
  readonly terminal: Terminal
}

/**
 * Runs `work` with the connections of the chosen store, and closes it. Ends the command with a usage error for memory and
 * for invalid values; throws a StartupError for every other reason why nothing was changed.
 */
export async function withConnections<Result>(
  { flags, command, file, terminal }: StorePlace,
  work: (connections: Connections, store: OpenStore) => Promise<Result>,
): Promise<Result> {
  const choice = chosenStore(flags, command, file)
  if (choice.kind === 'memory') {
    command.error(
      'error: --store memory: the connections of a server in memory cannot be reached from another process.',
    )
  }
  const store = await openStore(choice, ({ reindexed }) => terminal.say(`reindexing: ${reindexed} resources`))
  try {
    return await work(scimConnections({ store: store.records }), store)
  } catch (error) {
    if (error instanceof ConnectionError) {
      if (error.kind === 'invalid') command.error(`error: ${error.message}`)
      throw new StartupError(error.message)
    }
    throw isStoreFailure(error) ? cannotUse(store.place, error) : error
  } finally {
    await store.close()
  }
}
