/**
 * The name of a PostgreSQL database in messages: never its URL, which may contain a password. A password with an unescaped
 * `@`, `/`, `#` or `?` shifts the parts of a URL, so that a part of the password may be parsed as the host or the path.
 */

/** The name of a database for messages. */
export interface RedactedUrl {
  /** `PostgreSQL at db.example`; without the host if it cannot be determined which part of the URL is the host. */
  readonly place: string
  /**
   * True if the URL can be parsed in only one way. Else messages of the driver, which quote host and database, may quote
   * the password.
   */
  readonly certain: boolean
}

// At most one `@`, only before the host; no separator of the parts of a URL inside of a part.
const plain =
  /^postgres(?:ql)?:\/\/(?:[^@/?#]*@)?(?<host>[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])?(?::\d+)?(?:\/[^@?#]*)?(?:\?[^@#]*)?$/

/** The name of the database of a URL. */
export function redactUrl(url: string): RedactedUrl {
  const found = plain.exec(url)
  const host = found?.groups?.host
  return { place: host === undefined ? 'PostgreSQL' : `PostgreSQL at ${host}`, certain: found !== null }
}
