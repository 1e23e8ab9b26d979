import type { Store } from './store.js'

/**
 * Caches the result of `build` per provider, shared by the stores of its requests: building a statement costs as much as running
 * it. `build` must not use the driver.
 */
export function builtOnce<Value>(build: (store: Omit<Store, 'driver'>) => Value): (store: Store) => Value {
  return (store) => {
    if (!store.built.has(build)) store.built.set(build, build(store))
    return store.built.get(build) as Value
  }
}
