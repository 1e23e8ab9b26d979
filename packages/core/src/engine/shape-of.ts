const mostNames = 12
const longestName = 40

/**
 * The shape of a value, for an error about it: names and types, no values, which may be personal data. Only `kind` is
 * shown as it is, because it shows which result a function meant: `{ kind: "conflict", current: number }`.
 */
export function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value !== 'object' || value === null) return simpleShape(value)
  const names = Object.keys(value)
  const shown = names.slice(0, mostNames).map((name) => `${name.slice(0, longestName)}: ${fieldShape(value, name)}`)
  if (names.length > mostNames) shown.push('…')
  return shown.length === 0 ? '{}' : `{ ${shown.join(', ')} }`
}

function fieldShape(object: object, name: string): string {
  const value: unknown = Reflect.get(object, name)
  if (name === 'kind' && typeof value === 'string') return JSON.stringify(value.slice(0, longestName))
  if (Array.isArray(value)) return 'array'
  return value === null ? 'null' : typeof value
}

function simpleShape(value: unknown): string {
  return value === undefined || value === null ? String(value) : `a ${typeof value}`
}
