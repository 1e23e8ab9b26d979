import { type Command, InvalidArgumentError, Option } from 'commander'
import { parseIndexes } from './index-flag.js'
import type { StoreFlags } from './store-flags.js'

/** The flags of `migrate` that print a migration for a database that this command cannot reach. */
export interface PrintFlags {
  readonly print?: 'd1'
  /** The schema of the database now. */
  readonly from?: number
}

/** Gives a command the flags that print. */
export function addPrintFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--print <database>',
        'write the SQL to stdout and open no database: a file for `wrangler d1 migrations apply`',
      ).choices(['d1']),
    )
    .option('--from <schema>', 'with --print: the schema of the database now (default: 0, an empty one)', parseSchema)
    .addHelpText('after', examples)
}

const examples = `
Examples:
  scimkit migrate --store postgres://scim@db.example/scim
  scimkit migrate --print d1 > migrations/0001_scimkit.sql
  scimkit migrate --print d1 --from 2 > migrations/0002_scimkit.sql`

/** The SQL that the flags ask for; undefined if they ask for none. Ends the command with a usage error. */
export async function printedMigration(flags: StoreFlags & PrintFlags, command: Command): Promise<string | undefined> {
  const { print, from, index, ...others } = flags
  if (print === undefined) {
    if (from !== undefined) command.error('error: --from is for --print only; a database is asked for its schema.')
    return undefined
  }
  const [other] = Object.keys(others)
  if (other !== undefined) {
    const flag = other.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    command.error(`error: --print opens no database; leave --${flag} out.`)
  }
  if ((from ?? 0) > 0 && index.length > 0) {
    command.error(
      'error: --index is for a new database only; where resources are, provider.migrate() makes their keys.',
    )
  }
  const { d1MigrationSql } = await import('@scimkit/sql-provider/d1')
  try {
    return d1MigrationSql({ ...(from !== undefined && { from }), indexes: parseIndexes(index) })
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return command.error(`error: --print: ${error.message}`)
  }
}

function parseSchema(text: string): number {
  const schema = Number(text)
  if (text.trim() !== '' && Number.isSafeInteger(schema) && schema >= 0) return schema
  throw new InvalidArgumentError('Expected the number of a schema, as scim_meta has it.')
}
