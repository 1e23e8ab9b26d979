import { isAttributePathText } from '../schema/attribute-name.js'

/** Collects the names of attributes that a request sent and the server left out, for the write event. */
export interface IgnoredNames {
  readonly names: readonly string[]
  add(name: string): void
}

const most = 50
const longest = 128

/** A new, empty collection: at most 50 names, each once. Names only, never values. */
export function ignoredNames(): IgnoredNames {
  const names = new Set<string>()
  return {
    get names() {
      return [...names]
    },
    add(name) {
      // A text that is not an attribute path could be anything, such as a person's name or a forged log line.
      if (names.size < most) names.add(name.length <= longest && isAttributePathText(name) ? name : '(not a name)')
    },
  }
}
