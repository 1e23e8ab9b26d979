import type { Dialect } from './dialect.js'

/**
 * Caches the result of `build` per dialect: a Worker may create a provider for each request. For statements that depend on nothing
 * but the dialect; those that depend on options of the provider are cached by `builtOnce`.
 */
export function oncePerDialect<Built>(build: (dialect: Dialect) => Built): (dialect: Dialect) => Built {
  const built = new WeakMap<Dialect, { readonly value: Built }>()
  return (dialect) => {
    const known = built.get(dialect) ?? { value: build(dialect) }
    built.set(dialect, known)
    return known.value
  }
}
