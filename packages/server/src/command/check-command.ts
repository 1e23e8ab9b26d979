import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { cannotUse, StartupError } from '../startup-error.js'
import { addStoreFlags, chosenStore, type StoreFlags } from './store-flags.js'

/** The command `check`; `file` is the default database. Throws a StartupError if the file is damaged. */
export function checkCommand(file: string): Command {
  const command = new Command('check').description(
    'Check a whole SQLite file, each index against its table. Prints the findings and exits with code 1 if the file is damaged. May take minutes; with a rollback journal no process can write during the check.',
  )
  return addStoreFlags(command).action(async (flags: StoreFlags) => {
    const choice = chosenStore(flags, command, file)
    if (choice.kind !== 'sqlite') return command.error('error: check supports SQLite only.')
    const { path, journal, engine } = choice
    if (!existsSync(path)) throw new StartupError(`Cannot use ${path}: file not found.`)
    const { checkSqlite } = await import('@scimkit/sql-provider/sqlite')
    const findings = orCannotUse(path, () =>
      checkSqlite(path, { ...(journal !== undefined && { journal }), ...(engine !== undefined && { engine }) }),
    )
    if (findings.length === 0) return void process.stdout.write(`${path}: no damage found\n`)
    process.stdout.write(findings.map((finding) => `${path}: ${finding}\n`).join(''))
    throw new StartupError(
      `${path} is damaged. Keep a copy of it and of the files beside it (-wal, -journal), and restore a backup.`,
    )
  })
}

function orCannotUse<Value>(path: string, work: () => Value): Value {
  try {
    return work()
  } catch (error) {
    throw cannotUse(path, error)
  }
}
