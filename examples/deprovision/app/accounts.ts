/** The application's own tables, in the database of the SCIM store: accounts, sessions, refresh tokens. */
import { randomUUID } from 'node:crypto'
import type { SqliteConnection } from '@scimkit/sql-provider/sqlite'

/** What a person receives at login. An application for production stores hashes of both. */
export interface Access {
  readonly session: string
  readonly refresh: string
}

/** Login and sessions of the application. */
export interface Accounts {
  /** Undefined for a person without an active account. */
  login(userName: string): Access | undefined
  /** The name of the person whose session this is; undefined if there is no such session. */
  userNameOf(session: string): string | undefined
  /** A new session for a refresh token; undefined if there is no such token. */
  refresh(token: string): string | undefined
}

/** Creates the tables if they do not exist, and the functions on them. */
export function accountsIn(connection: SqliteConnection): Accounts {
  connection.exec(`
    create table if not exists accounts (
      id text primary key, user_name text not null, active integer not null, admin integer not null);
    create table if not exists sessions (id text primary key, account text not null references accounts);
    create table if not exists tokens (id text primary key, account text not null references accounts)`)
  connection.exec('create index if not exists sessions_by_account on sessions (account)')
  connection.exec('create index if not exists tokens_by_account on tokens (account)')

  // One statement reads `active` and inserts, so that no deactivation can be committed in between.
  function add(table: 'sessions' | 'tokens', where: string, ...values: readonly string[]): string | undefined {
    const id = randomUUID()
    const { changes } = connection
      .prepare(`insert into ${table} (id, account) select ?, id from accounts where active = 1 and ${where}`)
      .run(id, ...values)
    return Number(changes) === 1 ? id : undefined
  }

  return {
    login(userName) {
      const session = add('sessions', 'user_name = ? collate nocase', userName)
      const refresh = add('tokens', 'user_name = ? collate nocase', userName)
      return session === undefined || refresh === undefined ? undefined : { session, refresh }
    },
    userNameOf(session) {
      const rows = connection
        .prepare('select user_name from accounts where id = (select account from sessions where id = ?)')
        .all(session) as readonly { readonly user_name: string }[]
      return rows[0]?.user_name
    },
    refresh: (token) => add('sessions', 'id = (select account from tokens where id = ?)', token),
  }
}
