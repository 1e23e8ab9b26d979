/** The resource that an update changes, and the change. */
import type { ResourceType } from '@scimkit/core/schema'
import type { Discovery } from '../schema/discovery.js'
import type { Wire } from '../wire/wire.js'

/** The resource that an update changes, and how to reach it. */
export interface UpdateSource {
  readonly wire: Wire
  readonly path: string
  readonly discovery: Discovery
  readonly type: () => Promise<ResourceType>
}

/** Returns the new state of a resource; cannot modify its argument, and may be called several times. */
export type Change<Resource> = (current: Resource) => Resource | Promise<Resource>
