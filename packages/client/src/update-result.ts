/** How an update may be made, and how it can end. */
import type { Conflict, JsonObject } from '@scimkit/core'
import type { CallOptions } from './client-options.js'
import { type Failure, ScimClientError } from './failure.js'
import type { MergeWith } from './merge-with.js'

/** What an update may be given; all may be left out. */
export interface UpdateOptions<Resource> extends CallOptions {
  /**
   * How often to try, each time a read and a write; 20 by default. Kubernetes' client-go tries 5 times 10 ms apart
   * (`retry.DefaultRetry`), or 4 times with pauses of 10, 50 and 250 ms (`retry.DefaultBackoff`), both with 10 % of
   * jitter: rivals that met once meet again. Here a pause is anything between 0 and its limit, so they drift apart.
   */
  readonly attempts?: number
  /** Milliseconds after which no other try begins, waiting included; 30,000 by default. */
  readonly time?: number
  /** Pauses are random in 0 … `first` · 2ⁿ milliseconds, n = 0, 1, 2 …, up to `most`. Default 20 and 2,000. */
  readonly backoff?: { readonly first?: number; readonly most?: number }
  /**
   * `patch` sends what has changed, `put` the whole. `auto`, the default, patches unless the server says that it cannot,
   * or there are more than 1,000 operations.
   * A PUT may undo what the server keeps and does not show, such as a password (RFC 7644 §3.5.1).
   */
  readonly method?: 'auto' | 'patch' | 'put'
  /** Instead of making the change again on what a rival has left: both sides merged. Made by `mergeWith()`. */
  readonly onConflict?: MergeWith
  /**
   * True if making the change twice is as good as once: setting a title is, counting is not. Then a write whose answer
   * was lost is made again. Without it, that ends with `outcomeUnknown` unless the version tells.
   */
  readonly idempotent?: boolean
  /**
   * Tells whether a write whose answer was lost is in what stands there now; undefined if that cannot be told. For
   * changes that leave a mark of their own. Equal content proves nothing: a rival may have written the same.
   */
  readonly landed?: (current: Resource, written: Resource) => boolean | undefined
  /** Write even if the server gives no version, so that rivals overwrite each other unseen. */
  readonly unsafe?: boolean
}

/** How an update ended; closed, so that a `switch` over `kind` can be exhaustive. */
export type UpdateResult<Resource> =
  | UpdateSuccess<Resource>
  | UpdateNotFound
  | UpdateConflict<Resource>
  | UpdateGaveUp
  | UpdateRefused
  | UpdateOutcomeUnknown
  | UpdateNoVersion

/** What any update tells of its way. */
export interface UpdateTally {
  /** How often it was tried. */
  readonly attempts: number
  /** Each time somebody else was faster: the version written on, and the one that was there. */
  readonly conflicts: readonly { readonly expected: string; readonly current: string | undefined }[]
  /** Milliseconds spent in pauses. */
  readonly waited: number
}

/** The change is in. */
export interface UpdateSuccess<Resource> extends UpdateTally {
  readonly kind: 'success'
  readonly resource: Resource
  /** Undefined if nobody has seen the resource since: then `resource` is this change alone, on the version it was made of. */
  readonly tag: string | undefined
  /** False if there was nothing to write. */
  readonly written: boolean
  /** How it is known: the server answered; or the answer was lost, and a read showed it. */
  readonly confirmedBy: 'answer' | 'read'
}

/** There is no such resource. */
export interface UpdateNotFound extends UpdateTally {
  readonly kind: 'notFound'
}

/** Both sides changed the same, and no strategy decides. Nothing was written. */
export interface UpdateConflict<Resource> extends UpdateTally {
  readonly kind: 'conflict'
  readonly open: readonly Conflict[]
  readonly base: Resource
  readonly mine: Resource
  readonly theirs: Resource
}

/** Out of tries or time, or the caller's signal. Nothing was written. */
export interface UpdateGaveUp extends UpdateTally {
  readonly kind: 'gaveUp'
  readonly reason: 'attempts' | 'time' | 'aborted'
  /** What the last try ended with. */
  readonly failure: Failure | undefined
}

/** The server does not take it, and would not the next time. Nothing was written. */
export interface UpdateRefused extends UpdateTally {
  readonly kind: 'refused'
  readonly failure: Failure
}

/** A write whose answer was lost may be in, or may still come in; nothing proves either. */
export interface UpdateOutcomeUnknown extends UpdateTally {
  readonly kind: 'outcomeUnknown'
  /** The tag that write was held to. While the resource is at it, the write is not in. */
  readonly expected: string | undefined
  /** The tag seen since, if one was. */
  readonly current: string | undefined
  readonly failure: Failure
  /** What a function of the caller's has thrown meanwhile: the change, `landed`, a strategy, the one that gives tokens. */
  readonly cause?: unknown
}

/** The server told no version, so a rival's change could not be seen. Nothing was written; `unsafe` writes all the same. */
export interface UpdateNoVersion extends UpdateTally {
  readonly kind: 'noVersion'
}

/** The resource of an update that must have worked. Throws an Error that says how it ended instead. */
export function unwrapUpdate<Resource>(result: UpdateResult<Resource>): Resource {
  if (result.kind === 'success') return result.resource
  const tries = `after ${result.attempts} ${result.attempts === 1 ? 'try' : 'tries'}`
  const message = `the update ended ${tries}: ${explained(result)}`
  throw 'failure' in result && result.failure !== undefined
    ? new ScimClientError(message, result.failure, 'cause' in result ? result.cause : undefined)
    : new Error(message)
}

function explained(result: Exclude<UpdateResult<unknown>, UpdateSuccess<unknown>>): string {
  switch (result.kind) {
    case 'notFound':
      return 'there is no such resource'
    case 'conflict':
      return `others changed ${result.open.map(({ path }) => path).join(', ')} too`
    case 'gaveUp':
      return { attempts: afterLastTry(result.failure), time: 'out of time', aborted: 'aborted' }[result.reason]
    case 'refused':
      return `the server refused it${'detail' in result.failure ? `: ${result.failure.detail}` : ''}`
    case 'outcomeUnknown':
      return 'the answer to a write was lost, and whether it is in cannot be told'
    case 'noVersion':
      return 'the server tells no version, so a lost update could not be seen; give `unsafe: true` to write all the same'
  }
}

function afterLastTry(failure: Failure | undefined): string {
  if (failure === undefined || failure.kind === 'versionMismatch') return 'others kept being faster'
  if (failure.kind === 'notSent' || failure.kind === 'noAnswer') return 'the server could not be reached'
  return `the server kept saying no${'status' in failure ? ` (${failure.status})` : ''}`
}

/** A document as a resource of its type: what a server sent is taken for what its type says. */
export function asResource<Resource>(document: JsonObject): Resource {
  return document as unknown as Resource
}
