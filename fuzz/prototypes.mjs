/** The prototypes that all objects inherit from: no input may add, remove or replace a member of them. */

const prototypes = { Object, Array, Function, String, Number, Promise, Map }

/** Their members now, to be compared later. */
export function watchedPrototypes() {
  const before = Object.values(prototypes).map(membersOf)
  return { changed: () => Object.keys(prototypes).find((name, i) => !areEqual(membersOf(prototypes[name]), before[i])) }
}

function membersOf({ prototype }) {
  return Reflect.ownKeys(prototype).flatMap((name) => {
    const { value, get, set } = Reflect.getOwnPropertyDescriptor(prototype, name)
    return [name, value, get, set]
  })
}

function areEqual(some, others) {
  return some.length === others.length && some.every((one, i) => Object.is(one, others[i]))
}
