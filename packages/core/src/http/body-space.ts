/** The bytes of large bodies, counted while a request has them in memory. */
import type { TenantId } from '../context.js'
import type { Gate } from '../in-flight/gate.js'
import type { ScimRequest } from './message.js'

/** What one request has taken of the space for large bodies. */
export interface BodyHold {
  bodyBytes: number
  /** True when the request has been answered, and given back what it had. */
  answered: boolean
}

/** The space for large bodies, as one request asks for it. */
export interface BodySpace {
  readonly gate: Gate
  /** Bytes in all. */
  readonly capacity: number
  readonly tenant: TenantId
  readonly hold: BodyHold
}

/** Bodies up to this size are not counted: the number of requests in flight bounds them. */
const freeBytes = 65_536

/**
 * Waits for room for a body whose length is known. Undefined: nothing to wait for. Rejects with 503.
 */
export function roomFor(space: BodySpace, request: ScimRequest, bytes: number): Promise<void> | undefined {
  if (bytes <= freeBytes) return undefined
  const weight = Math.min(bytes, space.capacity)
  const entry = space.gate.enter(space.tenant, weight, request)
  if (entry === undefined) {
    space.hold.bodyBytes = weight
    return undefined
  }
  return entry.then(() => {
    // Its reader may have given up meanwhile: the client has gone, and the platform has no signal for that.
    if (space.hold.answered) space.gate.leave(space.tenant, weight)
    else space.hold.bodyBytes = weight
  })
}

/**
 * For a body whose length is not known: what its reader calls with the number of bytes that have come. From 64 KiB on the
 * body counts as large as it may become, so that two such bodies cannot wait for each other in the middle.
 */
export function growingRoom(
  space: BodySpace,
  request: ScimRequest,
  limit: number,
): (bytes: number) => Promise<void> | undefined {
  let asked = false
  return (bytes) => {
    if (asked || bytes <= freeBytes) return undefined
    asked = true
    return roomFor(space, request, limit)
  }
}

/** Gives back what a body did not need. */
export function shrinkTo(space: BodySpace, bytes: number): void {
  const { hold } = space
  const surplus = hold.bodyBytes - bytes
  if (surplus <= 0) return
  hold.bodyBytes = bytes
  space.gate.leave(space.tenant, surplus)
}
