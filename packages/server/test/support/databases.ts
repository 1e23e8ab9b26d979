/** The databases that the command is tested on: SQLite always, PostgreSQL if SCIMKIT_TEST_POSTGRES names a server. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import Database from 'libsql'
import pg from 'pg'
import { redactUrl } from '../../src/store/redact-url.js'
import { folder } from './command.js'

/** One database, empty, for one test. */
export interface TestDatabase {
  /** The flags for the command. */
  readonly flags: readonly string[]
  /** The name of the database in messages of the command. */
  readonly place: string
  /** Runs one statement without the command, and returns its rows. */
  ask(statement: string): Promise<readonly unknown[]>
  drop(): Promise<void>
}

/** A kind of database. */
export interface DatabaseKind {
  readonly name: string
  make(): Promise<TestDatabase>
}

const sqlite: DatabaseKind = {
  name: 'SQLite',
  async make() {
    const path = join(folder, `${randomUUID()}.db`)
    return {
      flags: ['--store', `sqlite:${path}`],
      place: path,
      async ask(statement) {
        const database = new Database(path)
        try {
          if (/^select/i.test(statement)) return database.prepare(statement).all() as unknown[]
          database.exec(statement)
          return []
        } finally {
          database.close()
        }
      },
      drop: async () => undefined,
    }
  },
}

function postgres(server: string): DatabaseKind {
  return {
    name: 'PostgreSQL',
    async make() {
      const name = `served_${randomUUID().replaceAll('-', '')}`
      await asking(server, `create database ${name}`)
      const url = new URL(server)
      url.pathname = `/${name}`
      return {
        flags: ['--store', url.href],
        place: redactUrl(url.href).place,
        ask: (statement) => asking(url.href, statement),
        drop: async () => void (await asking(server, `drop database ${name} with (force)`)),
      }
    },
  }
}

async function asking(url: string, statement: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

const server: string = process.env.SCIMKIT_TEST_POSTGRES ?? ''

/** The available databases. */
export const databases: readonly DatabaseKind[] = server === '' ? [sqlite] : [sqlite, postgres(server)]

/** The reasons why others are missing. */
export const missing: readonly string[] = server === '' ? ['PostgreSQL: SCIMKIT_TEST_POSTGRES is not set'] : []
