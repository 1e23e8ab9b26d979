/**
 * POSTs that refer to each other in a circle. They are validated together before any of them is carried out, and all of
 * them must be permitted; then each resource is created, once, without the references that close the circle, and when
 * all exist they get these references by a PATCH, which is part of their POST.
 * @see RFC 7644 §3.7.1
 */
import { findType } from '../engine/find-type.js'
import { ScimError, scimError } from '../errors.js'
import { isObject, type JsonValue } from '../json/value.js'
import type { BulkCreate, BulkPatch } from '../operation-types/operation.js'
import type { BulkErrorOutcome, BulkResultOutcome } from '../operation-types/outcome.js'
import type { Representation } from '../operation-types/representation.js'
import { patchOpSchema } from '../patch/parse/parse-patch.js'
import { callWithin, completing, type Permitted, permit } from '../permissions/permit.js'
import { ignoredNames } from '../resource/ignored-names.js'
import { readResource } from '../resource/read-resource.js'
import { validateDocument } from '../resource/validate-document.js'
import type { ResourceType } from '../schema/attribute.js'
import { checkCreated } from '../writing/rights/check-state.js'
import { takeSecret } from '../writing/secret.js'
import { deferReferences, type Halves } from './defer-references.js'
import { stepsOf } from './order.js'
import { referencesIn, resolveReferences } from './references.js'
import { type BulkRun, brokenReference, failure, resolved } from './run.js'

/** One valid POST of a circle. */
interface Member {
  readonly place: number
  readonly bulkId: string
  readonly operation: Permitted<BulkCreate>
  readonly halves: Halves
}

/** Carries out the POSTs at these places of the request. If one of them is invalid, none is carried out. */
export async function runCircle(run: BulkRun, places: readonly number[]): Promise<void> {
  const members = await inspect(run, places)
  if (members === undefined) return
  const inOrder = orderOf(members)
  if (inOrder === undefined) {
    for (const place of places) run.finish(place, conflict(goesRound))
    return
  }
  // A create, and a read and a write for the deferred references: the budget of store calls must cover the whole
  // circle.
  if (run.call.engine.provider.hasRoomFor?.(Math.ceil(1.5 * places.length), run.call.context) === false) {
    const error = scimError.overloaded(
      'The limit of store calls for one request is reached; nothing was done. Send these operations again in another request.',
    )
    for (const place of places) run.finish(place, { kind: 'error', error })
    return
  }
  for (const [member, made] of await makeAll(run, inOrder)) await link(run, member, made)
}

const goesRound = 'Circular references in required attributes: none of these resources can be created first.'
const othersNoGood =
  'The operation refers, directly or through others, to a POST that cannot be carried out; nothing was done.'
const othersFailed = 'The operation refers, directly or through others, to a POST that has failed; nothing was done.'
const notMade =
  'The resource was created without its references to the others of the circle: one of them does not exist.'
const changedSince =
  'The resource was created, but a concurrent writer changed it before its references could be added.'

function conflict(detail: string): BulkErrorOutcome {
  return { kind: 'error', error: new ScimError(409, detail) }
}

// ── before any write ─────────────────────────────────────────────────────────────────────────────────────────────

async function inspect(run: BulkRun, places: readonly number[]): Promise<readonly Member[] | undefined> {
  const circle = new Set(places.map((place) => run.plan.operations[place]?.bulkId ?? ''))
  const members: Member[] = []
  const noGood = new Map<number, BulkErrorOutcome>()
  for (const place of places) {
    const found = await inspectOne(run, place, circle)
    if ('kind' in found) noGood.set(place, found)
    else members.push(found)
  }
  if (noGood.size === 0) return members
  for (const place of places) run.finish(place, noGood.get(place) ?? conflict(othersNoGood))
  return undefined
}

async function inspectOne(
  run: BulkRun,
  place: number,
  circle: ReadonlySet<string>,
): Promise<Member | BulkErrorOutcome> {
  const { call, plan, idOf } = run
  try {
    const planned = plan.operations[place]
    if (planned === undefined || 'refusal' in planned || planned.operation.kind !== 'create') {
      throw new Error('a circle consists of POSTs')
    }
    const { bulkId = '', operation, refersTo } = planned
    const broken = brokenReference(
      run,
      [...refersTo].filter((wanted) => !circle.has(wanted)),
    )
    if (broken !== undefined) return broken
    const permitted = await permit(call, operation, 'bulk')
    const type = findType(callWithin(call, permitted).engine, operation.type)
    const { body } = resolved(operation, idOf)
    if (!isObject(body)) throw scimError.invalidSyntax('data must be a JSON object.')
    checkData(run, type, body)
    const halves = deferReferences(type, body, circle, call.context.interop)
    checkData(run, type, halves.now)
    return { place, bulkId, operation: permitted, halves }
  } catch (error) {
    return failure(run, error)
  }
}

// Reads the data as a create would, and discards the result. Errors that only the store can detect are reported later.
function checkData({ call }: BulkRun, type: ResourceType, data: JsonValue): void {
  const read = readResource(type, data, { interop: call.context.interop, ignored: ignoredNames() })
  checkCreated(type, read)
  const { document } = takeSecret(read)
  validateDocument(type, 'id', document, undefined)
}

// A resource that a required attribute refers to must be created before; undefined if these references alone form a
// circle.
function orderOf(members: readonly Member[]): readonly Member[] | undefined {
  const numberOf = new Map(members.map(({ bulkId }, number) => [bulkId, number]))
  const steps = stepsOf(
    members.map(({ halves }) =>
      [...halves.needed].map((bulkId) => numberOf.get(bulkId)).filter((number) => number !== undefined),
    ),
  )
  if (steps.some(({ isCircle }) => isCircle)) return undefined
  return steps.flatMap(({ operations }) => operations).flatMap((number) => members[number] ?? [])
}

// ── the writes ───────────────────────────────────────────────────────────────────────────────────────────────────

async function makeAll(run: BulkRun, members: readonly Member[]): Promise<ReadonlyMap<Member, Representation>> {
  const made = new Map<Member, Representation>()
  for (const [number, member] of members.entries()) {
    const { place, operation, halves } = member
    const body = resolveReferences(halves.now, run.idOf)
    // Every operation after a failed one refers to it, directly or through others.
    const outcome = made.size < number ? conflict(othersFailed) : await run.attemptPermitted({ ...operation, body })
    run.finish(place, outcome)
    if (outcome.kind === 'created') made.set(member, outcome.value)
  }
  return made
}

async function link(run: BulkRun, { place, operation, halves }: Member, made: Representation): Promise<void> {
  const { later } = halves
  if (later === undefined) return
  for (const bulkId of referencesIn(later)) {
    if (run.idOf(bulkId) === undefined) {
      run.finish(place, { ...conflict(notMade), created: made })
      return
    }
  }
  const value = resolveReferences(later, run.idOf)
  const patch: BulkPatch = {
    kind: 'patch',
    ref: made.ref,
    body: { schemas: [patchOpSchema], Operations: [{ op: 'add', value }] },
    // Unconditional: concurrent writers may have changed it meanwhile, and a host may require a precondition for every
    // change.
    precondition: { match: '*', noneMatch: undefined },
  }
  const outcome = await run.attemptPermitted(completing(operation, patch))
  run.finish(place, outcome.kind === 'success' ? { kind: 'created', value: outcome.value } : unlinked(outcome, made))
}

function unlinked(outcome: BulkResultOutcome, made: Representation): BulkErrorOutcome {
  if (outcome.kind !== 'error') return { ...conflict(changedSince), created: made }
  const { status, message, scimType, cause } = outcome.error
  const detail = `The resource was created without its references to the others of the circle. ${message}`
  const error = new ScimError(status, detail, { ...(scimType !== undefined && { scimType }), cause })
  return { kind: 'error', error, created: made }
}
