/** The options and the results of an update. */
import type { Conflict, JsonObject } from '@scimkit/core'
import type { CallOptions } from './client-options.js'
import { type Failure, ScimClientError } from './failure.js'
import type { MergeWith } from './merge-with.js'

/** Options of an update; all are optional. */
export interface UpdateOptions<Resource> extends CallOptions {
  /**
   * Maximum number of attempts, each a read and a write; 20 by default. Kubernetes' client-go tries 5 times 10 ms apart
   * (`retry.DefaultRetry`), or 4 times with pauses of 10, 50 and 250 ms (`retry.DefaultBackoff`), both with 10 % of
   * jitter, so writers that collided once collide again. Here a pause is random between 0 and its limit (full jitter),
   * which separates them.
   */
  readonly attempts?: number
  /** Milliseconds after which no new attempt begins, pauses included; 30,000 by default. */
  readonly time?: number
  /** Pauses are random in 0 … `first` · 2ⁿ milliseconds, n = 0, 1, 2 …, up to `most`. Default 20 and 2,000. */
  readonly backoff?: { readonly first?: number; readonly most?: number }
  /**
   * `patch` sends the changed attributes, `put` the whole resource. `auto`, the default, uses PATCH unless the server does
   * not support it, or there are more than 1,000 operations.
   * A PUT may clear values that the server stores but does not return, such as a password (RFC 7644 §3.5.1).
   */
  readonly method?: 'auto' | 'patch' | 'put'
  /** Merges both sides after a conflict, instead of repeating the change on the current state. Created by `mergeWith()`. */
  readonly onConflict?: MergeWith
  /**
   * True if applying the change twice has the same result as once: setting a title is idempotent, counting is not. Then
   * a write whose response was lost is repeated. Without it, that ends with `outcomeUnknown` unless the version decides.
   */
  readonly idempotent?: boolean
  /**
   * Decides whether a write whose response was lost is contained in the current state; undefined if undecidable. For
   * changes that leave a unique mark. Equal content proves nothing: a concurrent writer may have written the same.
   */
  readonly isApplied?: (current: Resource, written: Resource) => boolean | undefined
  /** Write even if the server returns no version; concurrent writers may then overwrite each other undetected. */
  readonly unsafe?: boolean
}

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
  readonly confirmedBy: 'answer' | 'read'
}

/** The resource does not exist. */
export interface UpdateNotFound extends UpdateStatistics {
  readonly kind: 'notFound'
}

/** Both sides changed the same attribute, and no strategy decides. Nothing was written. */
export interface UpdateConflict<Resource> extends UpdateStatistics {
  readonly kind: 'conflict'
  readonly open: readonly Conflict[]
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
      return `concurrent writers also changed ${result.open.map(({ path }) => path).join(', ')}`
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
  if (failure.kind === 'notSent' || failure.kind === 'noAnswer') return 'the server could not be reached'
  return `the server refused each attempt${'status' in failure ? ` (${failure.status})` : ''}`
}

/** Types a document of the server as a resource, without checking it. */
export function asResource<Resource>(document: JsonObject): Resource {
  return document as unknown as Resource
}
