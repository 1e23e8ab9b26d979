import { isRecord } from './json.js'
import { TraceMismatch } from './mismatch.js'

/** The values that a trace has saved, by name. */
export type Variables = Map<string, unknown>

const reference = /\$\{([A-Za-z0-9_]+)\}/g
const onlyReference = /^\$\{([A-Za-z0-9_]+)\}$/

/** A value with every `${name}` replaced; a text that consists only of `${name}` keeps the saved JSON type. */
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

/** A text with every `${name}` replaced by text. */
export function fillText(text: string, variables: Variables): string {
  return text.replace(reference, (_, name: string) => textOf(lookUp(name, variables)))
}

/**
 * A path with every `${name}` replaced and percent-encoded. Characters of the trace itself (%XX, `+`, a `?` or `&` at the
 * end) stay unchanged; only characters that are not allowed in a request line are escaped.
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
