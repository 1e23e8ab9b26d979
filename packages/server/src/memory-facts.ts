import type { Facts } from '@scimkit/sql-provider'

/** Facts that are gone with the process, for a store that is too. */
export function memoryFacts(): Facts {
  const kept = new Map<string, string>()
  return {
    read: async (name) => kept.get(name),
    async swap(name, expected, next) {
      if (kept.get(name) !== expected) return false
      kept.set(name, next)
      return true
    },
    remove: async (name, expected) => kept.get(name) === expected && kept.delete(name),
    async list(prefix, after, count) {
      const names = [...kept.keys()].filter((name) => name.startsWith(prefix) && name > after).sort()
      return names.slice(0, count).map((name) => ({ name, text: kept.get(name) ?? '' }))
    },
  }
}
