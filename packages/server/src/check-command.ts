import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { CannotStart, cannotUse } from './cannot-start.js'
import { addStoreFlags, chosenStore, type StoreFlags } from './store-flags.js'

/** The command `check`; `file` is the database if the flags name none. Throws a CannotStart if there is damage. */
export function checkCommand(file: string): Command {
  const command = new Command('check').description(
    'Check a whole SQLite file, every index against its table. Exit code 1 and the findings if it is damaged. May take minutes; with a rollback journal nobody can write meanwhile.',
  )
  return addStoreFlags(command).action(async (flags: StoreFlags) => {
    const choice = chosenStore(flags, command, file)
    if (choice.kind !== 'sqlite') return command.error('error: check is for SQLite only.')
    const { path, journal, engine } = choice
    if (!existsSync(path)) throw new CannotStart(`Cannot use ${path}: there is no such file.`)
    const { checkSqlite } = await import('@scimkit/sql-provider/sqlite')
    const findings = orCannotUse(path, () =>
      checkSqlite(path, { ...(journal !== undefined && { journal }), ...(engine !== undefined && { engine }) }),
    )
    if (findings.length === 0) return void process.stdout.write(`${path}: no damage found\n`)
    process.stdout.write(findings.map((finding) => `${path}: ${finding}\n`).join(''))
    throw new CannotStart(
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
