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
  }
}
