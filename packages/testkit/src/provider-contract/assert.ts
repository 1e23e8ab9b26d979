/**
 * Assertions that need no test runner. Each throws an Error named `ContractViolation` whose message contains the expected
 * and the actual result, so that a report distinguishes contract violations from crashes.
 */
import { type JsonValue, jsonEqual } from '@scimkit/core/json'
import type { ConditionalResult, Stored } from '@scimkit/core/provider'

const longestShown = 400

/** Fails the case with a contract violation. */
export function violated(sentence: string): never {
  const error = new Error(sentence)
  error.name = 'ContractViolation'
  throw error
}

/** Throws a violation with this message unless the condition holds. */
export function ensure(holds: boolean, sentence: string): asserts holds {
  if (!holds) violated(sentence)
}

/** Both are the same JSON value; the order of keys is irrelevant. */
export function ensureSame(seen: unknown, expected: unknown, what: string): void {
  if (jsonEqual(seen as JsonValue | undefined, expected as JsonValue | undefined)) return
  violated(`${what}: expected ${shown(expected)}, saw ${shown(seen)}`)
}

/** Both lists have the same texts, in any order, each once. */
export function ensureSameSet(seen: readonly string[], expected: readonly string[], what: string): void {
  ensureSame([...seen].sort(), [...expected].sort(), what)
}

/** The value of a write that must have committed. */
export function ensureSuccess<Value>(result: ConditionalResult<Value>, what: string): Value {
  if (result.kind !== 'success') violated(`${what}: expected success, saw ${shown(result)}`)
  return result.value
}

/** The result of the write has this kind. */
export function ensureEnd<Value, Kind extends ConditionalResult<Value>['kind']>(
  result: ConditionalResult<Value>,
  kind: Kind,
  what: string,
): Extract<ConditionalResult<Value>, { kind: Kind }> {
  if (result.kind !== kind) violated(`${what}: expected ${kind}, saw ${shown(result)}`)
  return result as Extract<ConditionalResult<Value>, { kind: Kind }>
}

/** A resource that must exist. */
export function ensureFound(stored: Stored | undefined, what: string): Stored {
  if (stored === undefined) violated(`${what}: expected a resource, saw none`)
  return stored
}

/** A value as JSON for a message, truncated if it is long. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text
}
