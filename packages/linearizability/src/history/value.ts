/**
 * The recorded part of a resource: one attribute that is replaced and one list that is appended to. Both are needed: a
 * lost replacement may be hidden by the next one, but a lost element stays missing.
 */

/** Created only by {@link valueFrom}, so that equal values have equal keys. */
export interface Value {
  /** A user's title, a group's displayName. */
  readonly scalar: string
  /** A user's e-mail addresses, a group's members: sorted, each once. */
  readonly elements: readonly string[]
  /** Equal if and only if the values are equal. */
  readonly key: string
}

/** The change that a write requests. */
export type Change =
  | { readonly kind: 'put'; readonly value: Value }
  | { readonly kind: 'add'; readonly element: string }
  | { readonly kind: 'set'; readonly scalar: string }

/** Creates a value; the order of the elements is irrelevant. */
export function valueFrom(scalar: string, elements: readonly string[] = []): Value {
  const distinct = [...new Set(elements)].sort()
  return { scalar, elements: distinct, key: JSON.stringify([scalar, ...distinct]) }
}

/** The value of a register without a value, such as a name. */
export const nothing: Value = valueFrom('')

/** The value after a change; the same object if nothing changes. @see RFC 7644 §3.5.1, §3.5.2.1, §3.5.2.3 */
export function changed(before: Value, change: Change): Value {
  switch (change.kind) {
    case 'put':
      return change.value.key === before.key ? before : change.value
    case 'add':
      return before.elements.includes(change.element)
        ? before
        : valueFrom(before.scalar, [...before.elements, change.element])
    case 'set':
      return change.scalar === before.scalar ? before : valueFrom(change.scalar, before.elements)
  }
}
