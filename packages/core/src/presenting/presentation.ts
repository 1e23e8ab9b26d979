/**
 * How resources are shown in one request: the projection, and the data that must be read for it.
 * @see RFC 7644 §3.9
 */
import type { Call } from '../engine/call.js'
import type { ReturnPreference } from '../operation-types/operation.js'
import { documentOnly, type Needs } from '../provider/provider.js'
import { type Projection, type ProjectionRequest, projectionFrom } from '../resource/projection.js'
import type { Attribute, ResourceType } from '../schema/attribute.js'

/** How resources of one type are shown in one request. */
export interface Presentation {
  readonly type: ResourceType
  readonly projection: Projection
  /** The data that must be read for it; after a write also for the attributes that the body has given. */
  readonly needs: Needs
  /** The client's preference for the response to its write, if it applies. */
  readonly prefer: ReturnPreference | undefined
}

/**
 * The presentation that a client requests; after a write, with the attributes `given` by it that are returned on
 * request; the set may be filled until the presentation is used. Throws 400 invalidValue for an invalid projection.
 */
export function presentationFor(
  call: Call,
  type: ResourceType,
  request: ProjectionRequest = {},
  prefer?: ReturnPreference,
  given?: ReadonlySet<Attribute>,
): Presentation {
  const projection = projectionFrom(type, request, call.context.interop, call.engine.limits, given)
  // RFC 7644 §3.5.2: a client that names attributes gets them. A preference is weaker than that.
  if (prefer === 'minimal' && projection.isDefault) return { type, projection, needs: documentOnly, prefer }
  const applied = prefer === 'representation' ? prefer : undefined
  if (given === undefined) return { type, projection, needs: needsOf(type, projection), prefer: applied }
  return {
    type,
    projection,
    // The body of the write names its attributes only when it is read.
    get needs() {
      return needsOf(type, projection)
    },
    prefer: applied,
  }
}

function needsOf(type: ResourceType, projection: Projection): Needs {
  const members = type.members !== undefined && projection.shows(type.members) ? 'all' : 'none'
  return { members, derived: derivedNeed(type, projection) }
}

function derivedNeed(type: ResourceType, projection: Projection): Needs['derived'] {
  const groups = type.attributes.get('groups')
  if (groups !== undefined && projection.shows(groups)) return true
  const manager = type.bareAttributes.get('manager')
  if (manager === undefined || !projection.shows(manager)) return false
  return isNameReadable(manager) ? 'manager' : false
}

function isNameReadable({ subAttributes }: Attribute): boolean {
  return subAttributes.get('displayname')?.unreadable === undefined
}
