/** The database as another process sees it: committed rows only. */
import Database from 'libsql'
import type { Received } from '../../../../../examples/deprovision/chat.js'

/** An account, with its sessions and refresh tokens. */
export interface StoredAccount {
  readonly id: string
  readonly active: boolean
  readonly sessions: readonly string[]
  readonly tokens: readonly string[]
}

/** A connection of the observer. */
export interface FileWatch {
  /** Why a delivery was before the commit of its change; empty if it was not. */
  notDurable(delivery: Pick<Received, 'id' | 'position' | 'active'>): readonly string[]
  accounts(): readonly StoredAccount[]
  close(): void
}

/** Observes a file, from the first delivery on. */
export function watchFile(file: string): FileWatch {
  let connection: Database.Database | undefined
  const open = (): Database.Database => {
    connection ??= new Database(file, { timeout: 10_000 })
    return connection
  }
  const rowsOf = (text: string, ...values: readonly (string | number)[]) =>
    open()
      .prepare(text)
      .all(...values) as readonly Readonly<Record<string, string | number | null>>[]

  return {
    notDurable({ id, position, active }) {
      // One statement, so that both tables are read in one state.
      const [row] = rowsOf(
        `select o.kind, json_extract(o.doc, '$.active') as doc_active, a.active,
          (select count(*) from scim_outbox as l where l.row_id = o.row_id and l.seq > o.seq) as later
        from scim_outbox as o left join accounts as a on a.id = o.id where o.position = ? and o.id = ?`,
        position,
        id,
      )
      const place = `delivery of position ${position}, user ${id}`
      if (row === undefined) return [`${place}: the change is not committed`]
      const recorded = row.kind !== 'remove' && row.doc_active !== 0
      const findings: string[] = []
      if (recorded !== active) findings.push(`${place}: the committed change has another value of active`)
      if (row.later === 0 && Number(row.active) !== Number(active)) {
        findings.push(`${place}: active is ${active}, and the account of the same commit has ${row.active}`)
      }
      return findings
    },
    accounts() {
      const idsOf = (table: string, account: string) =>
        rowsOf(`select id from ${table} where account = ?`, account).map(({ id }) => String(id))
      return rowsOf('select id, active from accounts').map(({ id, active }) => ({
        id: String(id),
        active: active === 1,
        sessions: idsOf('sessions', String(id)),
        tokens: idsOf('tokens', String(id)),
      }))
    },
    close: () => void connection?.close(),
  }
}
