import {
  documentText,
  isArray,
  isObject,
  type JsonObject,
  type JsonValue,
  type Member,
  type Next,
  type ResourceRef,
  type StoredMeta,
  type UniqueKey,
  type VersionChange,
} from '@scimkit/core'
import { ownCopy } from './own-copy.js'

/** What a write decides, frozen: a row changes by getting another state, never by changing this one. */
export interface RowState extends StoredMeta {
  /** The document as text, for whoever only passes it on. */
  readonly json: string
  /** The same document, frozen all the way down, for filters. */
  readonly resource: JsonObject
  readonly unique: readonly UniqueKey[]
}

/** One stored resource. */
export interface Row {
  readonly ref: ResourceRef
  /** Grows with every insert of the tenant: the order of lists without `sortBy`, the same on every page. */
  readonly order: number
  state: RowState
  /** The last changes, oldest first; empty where none are kept. */
  readonly history: VersionChange[]
  /** The memberships by member id, in the order they were made; undefined until the first one. */
  members: Map<string, Member> | undefined
}

/** The state that `next` leads to; shares nothing with it. Throws what JSON cannot hold, before anything is changed. */
export function stateOf(ref: ResourceRef, next: Next, created: string): RowState {
  const json = documentText(next.resource)
  return {
    ref,
    version: next.version,
    created,
    lastModified: next.at,
    json,
    // By way of the text: objects that JSON.parse makes are small and quick to filter, and own every key they show.
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
