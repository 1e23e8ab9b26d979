import { isRecord } from './json.js'
import { TraceMismatch } from './mismatch.js'

/** What a trace has saved so far, by name. */
export type Variables = Map<string, unknown>

const reference = /\$\{([A-Za-z0-9_]+)\}/g
const onlyReference = /^\$\{([A-Za-z0-9_]+)\}$/

/** A value with every `${name}` filled in; text that is nothing but `${name}` keeps the saved JSON type. */
export function fill(value: unknown, variables: Variables): unknown {
  if (typeof value === 'string') {
    const name = onlyReference.exec(value)?.[1]
    return name === undefined ? fillText(value, variables) : lookUp(name, variables)
  }
  if (Array.isArray(value)) return value.map((element) => fill(element, variables))
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, element]) => [fillText(name, variables), fill(element, variables)]),
  )
}

/** A text with every `${name}` filled in as text. */
export function fillText(text: string, variables: Variables): string {
  return text.replace(reference, (_, name: string) => textOf(lookUp(name, variables)))
}

/**
 * A path with every `${name}` filled in and percent-encoded. What the trace itself says (%XX, `+`, a `?` or `&` at the
 * end) stays; only what may not stand in a request line is escaped.
 */
export function fillPath(path: string, variables: Variables): string {
  const filled = path.replace(reference, (_, name: string) => encodeURIComponent(textOf(lookUp(name, variables))))
  return filled.replace(/[^\x21-\x7e]|["<>\\^`{|}]/gu, (character) => encodeURIComponent(character))
}

function lookUp(name: string, variables: Variables): unknown {
  if (!variables.has(name)) throw new TraceMismatch(`variable \${${name}} has no value`)
  return variables.get(name)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
