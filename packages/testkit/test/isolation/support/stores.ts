import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RecordStore, ResourceProvider } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import { postgresProvider } from '@scimkit/sql-provider/postgres'
import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
import pg from 'pg'

/** A store for many tenants. */
export interface OpenedStore {
  readonly provider: ResourceProvider & { readonly records?: RecordStore }
  close(): Promise<void>
}

const url = process.env.SCIMKIT_TEST_POSTGRES ?? ''

async function openSqlite(): Promise<OpenedStore> {
  const folder = mkdtempSync(join(tmpdir(), 'scimkit-isolation-'))
  const provider = sqliteProvider(join(folder, 'people.db'), { durability: 'normal', journal: 'wal-exclusive' })
  const close = async (): Promise<void> => {
    await provider.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { provider, close }
}

async function openPostgres(): Promise<OpenedStore> {
  const schema = `isolation_${randomUUID().replaceAll('-', '')}`
  const asking = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(statement)
    await client.end()
  }
  await asking(`create schema ${schema}`)
  const own = new URL(url)
  own.searchParams.set('options', `-c search_path=${schema}`)
  const provider = postgresProvider(own.href)
  const close = async (): Promise<void> => {
    await provider.close()
    await asking(`drop schema ${schema} cascade`)
  }
  return { provider, close }
}

/** The stores that tests can use here: PostgreSQL if SCIMKIT_TEST_POSTGRES names a server. */
export const isolationStores: readonly { readonly name: string; open(): Promise<OpenedStore> }[] = [
  { name: 'memory', open: async () => ({ provider: memoryProvider(), close: async () => undefined }) },
  { name: 'SQLite', open: openSqlite },
  ...(url === '' ? [] : [{ name: 'PostgreSQL', open: openPostgres }]),
]
