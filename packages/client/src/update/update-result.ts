/** The results of an update. */
import type { Conflict } from '@scimkit/core/merge'
import { type Failure, ScimClientError } from '../failure.js'

/** The result of an update; closed, so that a `switch` over `kind` can be exhaustive. */
export type UpdateResult<Resource> =
  | UpdateSuccess<Resource>
  | UpdateNotFound
  | UpdateConflict<Resource>
  | UpdateGaveUp
  | UpdateRefused
  | UpdateOutcomeUnknown
  | UpdateNoVersion

/** Statistics of an update, part of every result. */
export interface UpdateStatistics {
  /** The number of attempts. */
  readonly attempts: number
  /** Each conflict with a concurrent writer: the expected version and the current one. */
  readonly conflicts: readonly { readonly expected: string; readonly current: string | undefined }[]
  /** Milliseconds spent in pauses. */
  readonly waited: number
}

/** The resource has the change. */
export interface UpdateSuccess<Resource> extends UpdateStatistics {
  readonly kind: 'success'
  readonly resource: Resource
  /** Undefined if the resource could not be read after the write: then `resource` is this change on the version it was made from. */
  readonly tag: string | undefined
  /** False if there was nothing to write. */
  readonly written: boolean
  /** The evidence: the response to the write; or, if it was lost, a later read. */
  readonly confirmedBy: 'response' | 'read'
}

/** The resource does not exist. */
export interface UpdateNotFound extends UpdateStatistics {
  readonly kind: 'notFound'
}

/** Both sides changed the same attribute, and no strategy decides. Nothing was written. */
export interface UpdateConflict<Resource> extends UpdateStatistics {
  readonly kind: 'conflict'
  /** The attributes that both sides changed and no strategy decides. */
  readonly unresolved: readonly Conflict[]
  readonly base: Resource
  readonly mine: Resource
  readonly theirs: Resource
}

/** The limit of attempts or time was reached, or the caller's signal aborted. Nothing was written. */
export interface UpdateGaveUp extends UpdateStatistics {
  readonly kind: 'gaveUp'
  readonly reason: 'attempts' | 'time' | 'aborted'
  /** The failure of the last attempt. */
  readonly failure: Failure | undefined
}

/** The server refused the write permanently. Nothing was written. */
export interface UpdateRefused extends UpdateStatistics {
  readonly kind: 'refused'
  readonly failure: Failure
}

/** The response to a write was lost; the write may have been applied or may still be applied, and nothing proves either. */
export interface UpdateOutcomeUnknown extends UpdateStatistics {
  readonly kind: 'outcomeUnknown'
  /** The tag that the write expected. While the resource has this tag, the write is not applied. */
  readonly expected: string | undefined
  /** The tag of a later read, if there was one. */
  readonly current: string | undefined
  readonly failure: Failure
  /** The error that a function of the caller threw meanwhile: the change, `isApplied`, a strategy or `token`. */
  readonly cause?: unknown
}

/** The server returned no version, so a concurrent change could not be detected. Nothing was written; `unsafe` allows it. */
export interface UpdateNoVersion extends UpdateStatistics {
  readonly kind: 'noVersion'
}

/** Returns the resource of a successful update. Throws an Error that describes the outcome otherwise. */
export function unwrapUpdate<Resource>(result: UpdateResult<Resource>): Resource {
  if (result.kind === 'success') return result.resource
  const attempts = `after ${result.attempts} ${result.attempts === 1 ? 'attempt' : 'attempts'}`
  const message = `update failed ${attempts}: ${explained(result)}`
  throw 'failure' in result && result.failure !== undefined
    ? new ScimClientError(message, result.failure, 'cause' in result ? result.cause : undefined)
    : new Error(message)
}

function explained(result: Exclude<UpdateResult<unknown>, UpdateSuccess<unknown>>): string {
  switch (result.kind) {
    case 'notFound':
      return 'the resource does not exist'
    case 'conflict':
      return `concurrent writers also changed ${result.unresolved.map(({ path }) => path).join(', ')}`
    case 'gaveUp':
      return { attempts: afterLastAttempt(result.failure), time: 'time limit reached', aborted: 'aborted' }[
        result.reason
      ]
    case 'refused':
      return `the server refused it${'detail' in result.failure ? `: ${result.failure.detail}` : ''}`
    case 'outcomeUnknown':
      return 'the response to a write was lost; it is unknown whether the write was applied'
    case 'noVersion':
      return 'the server returns no version, so lost updates cannot be detected; pass `unsafe: true` to write anyway'
  }
}

function afterLastAttempt(failure: Failure | undefined): string {
  if (failure === undefined || failure.kind === 'versionMismatch')
    return 'compare-and-swap lost to concurrent writers each time'
  if (failure.kind === 'notSent' || failure.kind === 'noResponse') return 'the server could not be reached'
  return `the server refused each attempt${'status' in failure ? ` (${failure.status})` : ''}`
}
