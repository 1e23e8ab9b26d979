import type { Facts } from '@scimkit/sql-provider'

/** Facts in memory, for a store in memory: both end with the process. */
export function memoryFacts(): Facts {
  const values = new Map<string, string>()
  return {
    read: async (name) => values.get(name),
    async swap(name, expected, next) {
      if (values.get(name) !== expected) return false
      values.set(name, next)
      return true
    },
    remove: async (name, expected) => values.get(name) === expected && values.delete(name),
    async list(prefix, after, count) {
      const names = [...values.keys()].filter((name) => name.startsWith(prefix) && name > after).sort()
      return names.slice(0, count).map((name) => ({ name, text: values.get(name) ?? '' }))
    },
  }
}
