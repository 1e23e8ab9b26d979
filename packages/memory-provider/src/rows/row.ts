import { documentText, isArray, isObject, type JsonObject, type JsonValue } from '@scimkit/core/json'
import type { Member, Next, ResourceRef, StoredMeta, UniqueKey, VersionChange } from '@scimkit/core/provider'
import { ownCopy } from './own-copy.js'

/** The frozen state of a row: a write replaces the state and never modifies it. */
export interface RowState extends StoredMeta {
  /** The document as JSON text, for responses that return it unchanged. */
  readonly json: string
  /** The same document, deeply frozen, for filters. */
  readonly resource: JsonObject
  readonly unique: readonly UniqueKey[]
}

/** One stored resource. */
export interface Row {
  readonly ref: ResourceRef
  /** Increases with every insert of the tenant: the stable order of lists without `sortBy`. */
  readonly order: number
  state: RowState
  /** The last changes, oldest first; empty without a history. */
  readonly history: VersionChange[]
  /** The members by id, in the order in which they were added; undefined until the first one. */
  members: Map<string, Member> | undefined
}

/** The state for `next`; shares no objects with it. Throws for values that JSON cannot represent, before any change. */
export function stateOf(ref: ResourceRef, next: Next, created: string): RowState {
  const json = documentText(next.resource)
  return {
    ref,
    version: next.version,
    created,
    lastModified: next.at,
    json,
    // From the text: objects of JSON.parse are compact and fast to filter, and all their keys are own properties.
    resource: freeze(JSON.parse(json) as JsonObject),
    unique: ownCopy(next.unique),
  }
}

function freeze<Value extends JsonValue>(value: Value): Value {
  if (isArray(value)) {
    for (const element of value) freeze(element)
  } else if (isObject(value)) {
    for (const name of Object.keys(value)) freeze(value[name] as JsonValue)
  }
  return Object.freeze(value)
}
