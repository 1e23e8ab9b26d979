/** The bytes of large bodies, counted while a request has them in memory. */
import type { TenantId } from '../../context.js'
import type { Gate } from '../../in-flight/gate.js'
import { type Hold, holdOf } from '../../in-flight/lanes.js'
import type { ScimRequest } from '../adapter-interface.js'

/** The space for large bodies that one request has taken. */
export interface BodyHold {
  body: Hold | undefined
  /** True when the request has been answered and has returned its space. */
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

/** Waits for room for a body whose length is known. Undefined: no wait is needed. Rejects with 503. */
export function roomFor(space: BodySpace, request: ScimRequest, bytes: number): Promise<void> | undefined {
  if (bytes <= freeBytes) return undefined
  const body = holdOf(space.tenant, Math.min(bytes, space.capacity))
  const entry = space.gate.enter(body, request)
  if (entry === undefined) {
    space.hold.body = body
    return undefined
  }
  return entry.then(() => {
    // The reader may have stopped meanwhile: the client has disconnected, and the platform has no signal for that.
    if (space.hold.answered) space.gate.leave(body)
    else space.hold.body = body
  })
}

/**
 * For a body whose length is not known: the reader calls the result with the number of bytes received. From 64 KiB on
 * the body counts with its maximum size, so that two such bodies cannot wait for each other in the middle.
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

/** Returns the space that a body did not need. */
export function shrinkTo(space: BodySpace, bytes: number): void {
  const { body } = space.hold
  if (body !== undefined && body.weight > bytes) space.gate.leave(body, body.weight - bytes)
}
