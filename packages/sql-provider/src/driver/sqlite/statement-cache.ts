/** Prepared statements by their text, with least-recently-used eviction. */
export interface StatementCache<Prepared> {
  get(sql: string): Prepared
}

/** A cache of at most `size` statements. */
export function statementCache<Prepared>(size: number, prepare: (sql: string) => Prepared): StatementCache<Prepared> {
  const known = new Map<string, Prepared>()
  return {
    get(sql) {
      const found = known.get(sql)
      if (found !== undefined) {
        if (known.size >= size) {
          known.delete(sql)
          known.set(sql, found)
        }
        return found
      }
      const made = prepare(sql)
      known.set(sql, made)
      for (const oldest of known.keys()) {
        if (known.size <= size) break
        known.delete(oldest)
      }
      return made
    },
  }
}
