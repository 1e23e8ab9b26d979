import type { Filter } from '../filter/ast.js'
import type { JsonValue } from '../json/value.js'
import type { AttributePath } from '../schema/attribute.js'

/** One operation of a PATCH, parsed and resolved against a resource type. @see RFC 7644 §3.5.2 */
export type PatchOperation = AddOrReplace | Remove

/** `add` or `replace`; without path the keys of the value are the paths. */
export interface AddOrReplace {
  readonly op: 'add' | 'replace'
  readonly path: PatchPath | undefined
  readonly value: JsonValue
}

/** `remove`; a value (Entra, JumpCloud, authentik) names the elements to remove. */
export interface Remove {
  readonly op: 'remove'
  readonly path: PatchPath
  readonly value: JsonValue | undefined
}

/**
 * The path of an operation: `attr`, `attr.sub`, `attr[filter]`, `attr[filter].sub`, an extension's URN. With a filter
 * `path.sub` is the sub-attribute after the brackets. An unknown path (lenient) changes nothing.
 */
export type PatchPath =
  | { readonly known: true; readonly path: AttributePath; readonly filter: Filter | undefined }
  | { readonly known: false; readonly text: string }
