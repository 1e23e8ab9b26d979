/** The prototypes that all objects inherit from: no input may add, remove or replace a member of them. */

const prototypes = { Object, Array, Function, String, Number, Promise, Map }

/** Their members now, to be compared later. */
export function watchedPrototypes() {
  const before = fingerprints()
  return { changed: () => Object.keys(prototypes).find((_name, i) => fingerprints()[i] !== before[i]) }
}

function fingerprints() {
  return Object.values(prototypes).map(({ prototype }) => Reflect.ownKeys(prototype).length)
}
