/**
 * Throws a TypeError for a resource type in an option by type that the server does not have. `known` are the names of its
 * types; undefined if they depend on the caller.
 */
export function checkKnownType(option: string, type: string, known: readonly string[] | undefined): void {
  if (known === undefined || known.includes(type)) return
  throw new TypeError(`options.${option}: unknown resource type "${type}"; known are ${known.join(', ')}`)
}
