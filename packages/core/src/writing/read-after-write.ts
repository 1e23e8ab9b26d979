/**
 * The state after a write: the written document, with the attributes that are looked up when a resource is read.
 * Document and version are those of the write itself; only attributes that are not part of the document may come from a
 * later read, so the response shows this write.
 */
import type { Call } from '../engine/call.js'
import type { Engine } from '../engine/engine.js'
import { elementsInStep, inPortions, mapInSteps, paceOf, type Steps } from '../pacing/portions.js'
import type { Presentation } from '../presenting/presentation.js'
import { documentOf } from '../provider/member-rows.js'
import type { Derived, Needs, Stored } from '../provider/provider.js'
import { managerOf } from '../resource/manager.js'
import type { Member } from '../resource/member.js'
import type { ResourceType } from '../schema/attribute.js'

/** A committed write. */
export interface Write {
  /** Without members and derived attributes. */
  readonly written: Stored
  /** All members after the write; undefined if the write read only some. */
  readonly members: readonly Member[] | undefined
  /** The state before the write, as it was read; undefined for a create. */
  readonly before: Stored | undefined
}

/**
 * The state of the response. If `exact` is false, a concurrent writer has written since, and this is the state after
 * that write.
 */
export interface Shown {
  readonly stored: Stored
  readonly exact: boolean
  /** True if there are more members than a response to a PATCH shows; they have not been read then. */
  readonly crowded?: boolean
}

/** The written resource with all data that the presentation needs. Reads again only if something must be looked up. */
export async function readAfterWrite(call: Call, presentation: Presentation, write: Write): Promise<Shown> {
  const { written } = write
  const needs = stillNeeded(call.engine, presentation, write)
  const known = write.before?.derived
  if (needs === undefined) return { stored: withDerived(written, known), exact: true }
  const fresh = await lookUp(call, written, needs)
  const stored = withDerived(written, fresh?.derived === undefined ? known : { ...groupsOf(known), ...fresh.derived })
  if (needs.members === 'none') return { stored, exact: true }
  if (write.members === undefined) {
    const exact = fresh?.version === written.version
    if (!exact) return { stored: fresh ?? written, exact }
    if (fresh.members === undefined) return { stored, exact, crowded: true }
    return { stored: { ...stored, members: fresh.members }, exact }
  }
  const shown = asLookedUp(write.members, fresh?.members)
  // The write is done: it is answered even if the client has disconnected.
  const members = await inPortions(shown, paceOf(call.engine.ports))
  return { stored: { ...stored, members }, exact: true }
}

// Only the manager's name may have been looked up again.
function groupsOf(derived: Derived | undefined): Derived {
  return derived?.groups === undefined ? {} : { groups: derived.groups }
}

// The members of the write, with the types and names that were looked up.
function* asLookedUp(members: readonly Member[], looked: readonly Member[] = []): Steps<readonly Member[]> {
  const found = new Map<string, Member>()
  for (const [number, member] of looked.entries()) {
    if (number % elementsInStep === elementsInStep - 1) yield
    found.set(member.value, member)
  }
  return yield* mapInSteps(members, (member) => found.get(member.value) ?? member)
}

function withDerived(stored: Stored, derived: Derived | undefined): Stored {
  return derived === undefined ? stored : { ...stored, derived }
}

// The write is done; a look-up that fails now must not make the client believe that it was not.
async function lookUp(call: Call, written: Stored, needs: Needs): Promise<Stored | undefined> {
  try {
    return await call.engine.provider.read(written.ref, needs, call.context)
  } catch (error) {
    call.engine.onError(error, call.context)
    return undefined
  }
}

function stillNeeded(
  engine: Engine,
  { type, projection, needs, prefer }: Presentation,
  write: Write,
): Needs | undefined {
  const derived = managerChanged(type, write) && stillDerived(needs, write)
  if (needs.members === 'none' || write.members?.length === 0)
    return derived !== false ? { members: 'none', derived } : undefined
  // A PATCH response about a large group has no body, unless one is preferred: its members need not be read to know
  // that they are too many.
  const mayBeTooMany = write.members === undefined && projection.isDefault && prefer !== 'representation'
  return { members: mayBeTooMany ? { upTo: engine.limits.patchBodyMembers } : needs.members, derived }
}

// Groups were read before the write, if there was a resource to read.
function stillDerived({ derived }: Needs, { before }: Write): Needs['derived'] {
  return derived === true && before !== undefined ? 'manager' : derived
}

// A user's groups do not change by a write to the user; the name of a new manager must be looked up.
function managerChanged(type: ResourceType, { written, before }: Write): boolean {
  const now = managerOf(type, documentOf(written))?.id
  return now !== undefined && (before === undefined || now !== managerOf(type, documentOf(before))?.id)
}
