/**
 * How a PostgreSQL database is named to people: never by its URL, which may hold a password. A password with an unescaped
 * `@`, `/`, `#` or `?` moves the parts of a URL, so that a piece of it may stand where a host or a path is expected.
 */

/** A database, named. */
export interface ShownDatabase {
  /** `PostgreSQL at db.example`; without the host where it is not certain which part of the URL that is. */
  readonly place: string
  /**
   * True where each part of the URL is what it seems to be. Else the messages of the driver, which quote host and database,
   * may quote the password.
   */
  readonly certain: boolean
}

// One `@` at most, only before the host; nothing that ends a part of a URL inside of another part.
const plain =
  /^postgres(?:ql)?:\/\/(?:[^@/?#]*@)?(?<host>[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])?(?::\d+)?(?:\/[^@?#]*)?(?:\?[^@#]*)?$/

/** Names the database of a URL. */
export function shownDatabase(url: string): ShownDatabase {
  const found = plain.exec(url)
  const host = found?.groups?.host
  return { place: host === undefined ? 'PostgreSQL' : `PostgreSQL at ${host}`, certain: found !== null }
}
