/** What an update is about, and what its tries tell each other. */
import type { JsonObject, ResourceType } from '@scimkit/core'
import type { Discovery } from './discovery.js'
import type { Wire } from './exchange.js'
import type { Failure } from './failure.js'

/** What an update works on. */
export interface UpdateSource {
  readonly wire: Wire
  readonly place: string
  readonly discovery: Discovery
  readonly type: () => Promise<ResourceType>
}

/** Makes the new state of a resource; cannot change the old one, and may be called several times. */
export type Change<Resource> = (current: Resource) => Resource | Promise<Resource>

/** A write that may be in, or may still come in. */
export interface Doubt {
  readonly expected: string | undefined
  readonly written: JsonObject
  readonly failure: Failure
}

/** What a 412 has told of rivals. */
export interface Rivals {
  readonly tag: string
  readonly changed: readonly string[]
}

/** What one try knows of those before it. */
export interface Progress {
  /** What the first change was made of, and what it made. */
  readonly origin?: { readonly base: JsonObject; readonly mine: JsonObject }
  readonly doubt?: Doubt | undefined
  /** Where rivals have left the resource, and what they have changed since `origin.base`, if the server told both. */
  readonly rivals?: Rivals | undefined
  /** The tag that was read last. */
  readonly current?: string | undefined
}
