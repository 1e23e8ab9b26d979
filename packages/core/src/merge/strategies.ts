/** Converts the strategies of a caller to the resolution of one conflict. */
import type { ResourceType } from '../schema/attribute.js'
import { resolvePath } from '../schema/path.js'
import type { MergeOptions, Strategy } from './conflict.js'
import type { Fields } from './fields.js'

/** The strategy for an attribute path without brackets: `emails.type`, `urn:…:User:manager.value`. */
export type StrategyFor = (path: string) => Strategy

/**
 * Throws a TypeError for an invalid strategy, and for a name that neither the resource type nor one of the documents
 * has.
 */
export function strategiesFrom(
  { strategy = 'fail', strategies = {} }: MergeOptions,
  type: ResourceType,
  documents: readonly Fields[],
): StrategyFor {
  checkStrategy('strategy', strategy)
  const byPath = new Map<string, Strategy>()
  for (const [name, one] of Object.entries(strategies)) {
    checkStrategy(`strategies["${name}"]`, one)
    const path = canonicalPath(name, type, documents)
    if (path === undefined) {
      throw new TypeError(`strategies: ${type.name} has no attribute "${name}"`)
    }
    if (byPath.has(path)) throw new TypeError(`strategies: duplicate name "${name}"`)
    byPath.set(path, one)
  }
  return (path) => {
    for (const prefix of prefixesOf(path.toLowerCase())) {
      const found = byPath.get(prefix)
      if (found !== undefined) return found
    }
    return strategy
  }
}

function checkStrategy(name: string, strategy: unknown): void {
  const isKnown = strategy === 'mine' || strategy === 'theirs' || strategy === 'fail'
  if (isKnown || typeof strategy === 'function') return
  throw new TypeError(`${name}: expected 'mine', 'theirs', 'fail' or a function, got ${String(strategy)}`)
}

function canonicalPath(name: string, type: ResourceType, documents: readonly Fields[]): string | undefined {
  const path = resolvePath(type, name, { bareExtensionNames: true, dottedUrns: true })
  if (path !== undefined) return path.text.toLowerCase()
  // Attributes of a server beyond the type's schemas are merged too, so they can be named.
  const lower = name.toLowerCase()
  const isThere = documents.some((fields) => {
    for (const { path, urn } of fields.values()) {
      if (path.toLowerCase() === lower || urn?.toLowerCase() === lower) return true
    }
    return false
  })
  return isThere ? lower : undefined
}

// `urn:…:user:manager.value`, `urn:…:user:manager`, `urn:…:user`, and shorter ones, which no strategy names.
function prefixesOf(path: string): readonly string[] {
  const prefixes = [path]
  for (let i = path.length - 1; i > 0; i--) if (path[i] === '.' || path[i] === ':') prefixes.push(path.slice(0, i))
  return prefixes
}
