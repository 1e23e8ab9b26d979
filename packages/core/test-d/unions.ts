/** Operations, outcomes and conditional results are closed unions: a switch that forgets one does not compile. */
import type { Operation, Outcome, Scim, ScimContext, ScimErrors, ScimEvent, ScimType } from '@scimkit/core'
import type {
  CreatedOutcome,
  DocumentOutcome,
  DuplicateOutcome,
  ListOutcome,
  MismatchOutcome,
  NotFoundOutcome,
  NotModifiedOutcome,
  PreconditionRequiredOutcome,
  RemovedOutcome,
  ResourceOutcome,
  UnwrittenOutcome,
} from '@scimkit/core/operations'
import { type ConditionalResult, isSuccess, mapResult, type unwrap, type Written } from '@scimkit/core/provider'

type Equal<Left, Right> =
  (<Given>() => Given extends Left ? 1 : 2) extends <Given>() => Given extends Right ? 1 : 2 ? true : false
const same = <Claim extends true>(claim: Claim): Claim => claim

// ── operations ───────────────────────────────────────────────────────────────────────────────────────────────────

export function nameOf(operation: Operation): string {
  switch (operation.kind) {
    case 'create':
      return operation.type
    case 'query':
      return operation.type ?? 'all types'
    case 'me':
      return operation.operation.kind
    case 'get':
    case 'replace':
    case 'patch':
    case 'remove':
      return operation.ref.id
    case 'discover':
      return operation.endpoint
    case 'bulk':
      return 'many'
  }
}

// @ts-expect-error not every operation is named: the function may end without a value
export function incomplete(operation: Operation): string {
  switch (operation.kind) {
    case 'create':
      return operation.type
  }
}

// @ts-expect-error there is no unconditional "put"
export const put: Operation = { kind: 'put', ref: { type: 'User', id: '1' }, body: {} }
// @ts-expect-error a replace names its resource
export const nowhere: Operation = { kind: 'replace', type: 'User', body: {} }
// @ts-expect-error a remove has no body
export const removeWithBody: Operation = { kind: 'remove', ref: { type: 'User', id: '1' }, body: {} }
// @ts-expect-error a precondition is parsed, not text
export const textual: Operation = { kind: 'remove', ref: { type: 'User', id: '1' }, precondition: 'W/"1-a"' }

// ── outcomes ─────────────────────────────────────────────────────────────────────────────────────────────────────

same<
  Equal<
    Outcome['kind'],
    | 'success'
    | 'created'
    | 'removed'
    | 'notModified'
    | 'list'
    | 'me'
    | 'document'
    | 'versionMismatch'
    | 'preconditionRequired'
    | 'notFound'
    | 'duplicate'
    | 'bulk'
  >
>(true)

export function statusOf(outcome: Outcome): number {
  switch (outcome.kind) {
    case 'success':
    case 'list':
    case 'document':
    case 'bulk':
      return 200
    case 'created':
      return 201
    case 'removed':
      return 204
    case 'notModified':
      return 304
    case 'notFound':
      return 404
    case 'duplicate':
      return 409
    case 'versionMismatch':
      return 412
    case 'preconditionRequired':
      return 428
    case 'me':
      return statusOf(outcome.outcome)
  }
}

// @ts-expect-error the mismatch is forgotten
export function forgetful(outcome: Outcome): number {
  switch (outcome.kind) {
    case 'success':
    case 'list':
    case 'document':
    case 'created':
    case 'removed':
    case 'notModified':
    case 'notFound':
    case 'duplicate':
    case 'preconditionRequired':
      return 1
  }
}

// ── perform: the outcome follows from the operation ──────────────────────────────────────────────────────────────

declare const scim: Scim
declare const context: ScimContext
const ref = { type: 'User', id: '1' } as const

export async function outcomes(): Promise<void> {
  const created = await scim.perform({ kind: 'create', type: 'User', body: {} }, context)
  same<Equal<typeof created, CreatedOutcome | DuplicateOutcome>>(true)
  const got = await scim.perform({ kind: 'get', ref }, context)
  same<Equal<typeof got, ResourceOutcome | NotModifiedOutcome | MismatchOutcome | NotFoundOutcome>>(true)
  const listed = await scim.perform({ kind: 'query', type: 'User', search: {} }, context)
  same<Equal<typeof listed, ListOutcome>>(true)
  const replaced = await scim.perform({ kind: 'replace', ref, body: {} }, context)
  same<Equal<typeof replaced, ResourceOutcome | UnwrittenOutcome>>(true)
  const patched = await scim.perform({ kind: 'patch', ref, body: {} }, context)
  same<Equal<typeof patched, ResourceOutcome | UnwrittenOutcome>>(true)
  const removed = await scim.perform({ kind: 'remove', ref }, context)
  same<Equal<typeof removed, RemovedOutcome | MismatchOutcome | PreconditionRequiredOutcome | NotFoundOutcome>>(true)
  const discovered = await scim.perform({ kind: 'discover', endpoint: 'Schemas' }, context)
  same<Equal<typeof discovered, DocumentOutcome | NotModifiedOutcome | MismatchOutcome | NotFoundOutcome>>(true)

  // @ts-expect-error a create does not end in "not found"
  if (created.kind === 'notFound') throw created
  // @ts-expect-error the value is there only if the write committed
  replaced.value
  // @ts-expect-error perform needs a context
  await scim.perform({ kind: 'get', ref })
}

// ── the results of a conditional write ───────────────────────────────────────────────────────────────────────────

export function endOf(result: ConditionalResult<Written>): string {
  switch (result.kind) {
    case 'success':
      return result.value.version
    case 'versionMismatch':
      return result.current
    case 'notFound':
      return ''
    case 'duplicate':
      return result.attribute
    case 'unknownMembers':
      return result.ids.join()
    case 'overQuota':
      return 'quota'
  }
}

// @ts-expect-error a lost race is forgotten
export function optimist(result: ConditionalResult<Written>): string {
  switch (result.kind) {
    case 'success':
      return result.value.version
    case 'notFound':
    case 'duplicate':
    case 'unknownMembers':
    case 'overQuota':
      return ''
  }
}

export function read(result: ConditionalResult<Written>): string {
  // @ts-expect-error first ask whether it won
  result.value
  if (!isSuccess(result)) return result.kind
  return result.value.at
}

declare const result: ConditionalResult<Written>
same<Equal<ReturnType<typeof unwrap<number>>, number>>(true)
const lengths = mapResult(result, (written) => written.at.length)
same<Equal<typeof lengths, ConditionalResult<number>>>(true)

// @ts-expect-error there is no sixth end
export const sixth: ConditionalResult<number> = { kind: 'maybe' }

// ── events and errors ────────────────────────────────────────────────────────────────────────────────────────────

same<Equal<ScimEvent['kind'], 'request' | 'write'>>(true)
export function eventStatus(event: ScimEvent): number {
  // @ts-expect-error a write has no status
  event.status
  return event.kind === 'request' ? event.status : event.attempts
}
same<Equal<Extract<keyof ScimErrors, ScimType>, Exclude<ScimType, 'invalidVers'>>>(true)
