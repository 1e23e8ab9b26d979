/**
 * One entry of a history: a request of a client, its times, and its response. Plain data, so that histories can be written
 * by hand, stored in a file, and merged from several client processes of one machine.
 */
import type { Change, Value } from './value.js'

/** The request. Tags are ETags in the form of the headers. */
export type HistoryRequest =
  | { readonly kind: 'GET'; readonly id: string; readonly ifNoneMatch?: string }
  | {
      readonly kind: 'PUT' | 'PATCH'
      readonly id: string
      readonly change: Change
      readonly ifMatch?: string
      readonly ifNoneMatch?: string
    }
  | { readonly kind: 'DELETE'; readonly id: string; readonly ifMatch?: string; readonly ifNoneMatch?: string }
  /** `name` is equal for all spellings that are duplicates of each other; undefined if names need not be unique. */
  | { readonly kind: 'POST'; readonly name: string | undefined; readonly value: Value }
  /** Finds the resource with the name: a filter that matches one resource or none. */
  | { readonly kind: 'SEARCH'; readonly name: string }

/** A resource in the result of a search. */
export interface FoundResource {
  readonly id: string
  readonly tag?: string
  readonly value?: Value
}

/** The response. */
export type HistoryAnswer =
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly tag?: string
      /** The value in the body; undefined if there is no body. */
      readonly value?: Value
      /** The id of the resource that a POST created. */
      readonly id?: string
      /** The results of a search. */
      readonly found?: readonly FoundResource[]
      /** An error in the response that no history can explain, such as an ETag that differs from `meta.version`. */
      readonly flaw?: string
    }
  /** No response, or one with an unknown outcome: the request may have taken effect, or may take effect at any later time. */
  | { readonly kind: 'unknown'; readonly why: string }

/** One request with its response. */
export interface HistoryOperation {
  readonly client: number
  /** The server process that received the request. */
  readonly server: number
  /** Nanoseconds of a monotonic clock that all clients share: immediately before the request was sent. */
  readonly invoked: number
  /** By the same clock: immediately after the response was received, or after the timeout. */
  readonly returned: number
  readonly request: HistoryRequest
  readonly answer: HistoryAnswer
}
