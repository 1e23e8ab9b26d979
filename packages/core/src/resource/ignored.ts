/** Collects the names of attributes that a request sent and the server left out, for the write event. */
export interface IgnoredNames {
  readonly names: readonly string[]
  add(name: string): void
}

const most = 50
const longest = 128

/** A new, empty collection: at most 50 names of at most 128 characters, each once. Names only, never values. */
export function ignoredNames(): IgnoredNames {
  const names = new Set<string>()
  return {
    get names() {
      return [...names]
    },
    add(name) {
      if (names.size < most) names.add(name.slice(0, longest))
    },
  }
}
