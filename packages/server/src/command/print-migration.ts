import { type Command, InvalidArgumentError, Option } from 'commander'
import { parseIndexes } from './index-flag.js'
import type { StoreFlags } from './store-flags.js'

/** The flags of `migrate` that print a migration for a database that this command cannot reach. */
export interface PrintFlags {
  readonly print?: 'd1'
  /** The current schema of the database. */
  readonly from?: number
}

/** Adds the flags for printing to a command. */
export function addPrintFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--print <database>',
        'write the SQL to stdout without opening a database: a file for `wrangler d1 migrations apply`',
      ).choices(['d1']),
    )
    .option('--from <schema>', 'with --print: the current schema of the database (default: 0, empty)', parseSchema)
    .addHelpText('after', examples)
}

const examples = `
Examples:
  scimkit migrate --store postgres://scim@db.example/scim
  scimkit migrate --print d1 > migrations/0001_scimkit.sql
  scimkit migrate --print d1 --from 2 > migrations/0002_scimkit.sql`

/** The SQL that the flags request; undefined without `--print`. Ends the command with a usage error if flags exclude each other. */
export async function printedMigration(flags: StoreFlags & PrintFlags, command: Command): Promise<string | undefined> {
  const { print, from, index, ...others } = flags
  if (print === undefined) {
    if (from !== undefined)
      command.error('error: --from is supported with --print only; otherwise the schema is read from the database.')
    return undefined
  }
  const [other] = Object.keys(others)
  if (other !== undefined) {
    const flag = other.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    command.error(`error: --print opens no database and cannot be used with --${flag}.`)
  }
  if ((from ?? 0) > 0 && index.length > 0) {
    command.error(
      'error: --index is supported for a new database only; for existing resources, provider.migrate() creates the index keys.',
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
  throw new InvalidArgumentError('Expected the number of a schema, as stored in scim_meta.')
}
