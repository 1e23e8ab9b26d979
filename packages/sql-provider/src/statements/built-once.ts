import type { Store } from '../store.js'

/**
 * What is built from a store once, and shared by the views of the store that requests have: statements, which cost as much
 * to build as to run. `build` must use nothing of the driver.
 */
export function builtOnce<Value>(build: (store: Omit<Store, 'driver'>) => Value): (store: Store) => Value {
  return (store) => {
    if (!store.built.has(build)) store.built.set(build, build(store))
    return store.built.get(build) as Value
  }
}
