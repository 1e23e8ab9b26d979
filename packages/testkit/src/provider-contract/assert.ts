/**
 * Assertions that need no test runner. Each throws an Error named `ContractViolation` whose message says what was
 * expected and what was seen, so that a report tells a broken promise from a crash.
 */
import { type ConditionalResult, type JsonValue, jsonEqual, type Stored } from '@scimkit/core'

const longestShown = 400

/** Ends the case: a promise was not kept. */
export function violated(sentence: string): never {
  const error = new Error(sentence)
  error.name = 'ContractViolation'
  throw error
}

/** Holds, or the sentence is the violation. */
export function ensure(holds: boolean, sentence: string): asserts holds {
  if (!holds) violated(sentence)
}

/** Both are the same JSON value; key order does not count. */
export function ensureSame(seen: unknown, expected: unknown, what: string): void {
  if (jsonEqual(seen as JsonValue | undefined, expected as JsonValue | undefined)) return
  violated(`${what}: expected ${shown(expected)}, saw ${shown(seen)}`)
}

/** Both lists have the same texts, in whatever order, each once. */
export function ensureSameSet(seen: readonly string[], expected: readonly string[], what: string): void {
  ensureSame([...seen].sort(), [...expected].sort(), what)
}

/** The value of a write that must have committed. */
export function ensureSuccess<Value>(result: ConditionalResult<Value>, what: string): Value {
  if (result.kind !== 'success') violated(`${what}: expected success, saw ${shown(result)}`)
  return result.value
}

/** The write ended this way and no other. */
export function ensureEnd<Value, Kind extends ConditionalResult<Value>['kind']>(
  result: ConditionalResult<Value>,
  kind: Kind,
  what: string,
): Extract<ConditionalResult<Value>, { kind: Kind }> {
  if (result.kind !== kind) violated(`${what}: expected ${kind}, saw ${shown(result)}`)
  return result as Extract<ConditionalResult<Value>, { kind: Kind }>
}

/** A resource that must be there. */
export function ensureFound(stored: Stored | undefined, what: string): Stored {
  if (stored === undefined) violated(`${what}: expected a resource, saw none`)
  return stored
}

/** A value as a message shows it: JSON, cut where it gets long. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text
}
