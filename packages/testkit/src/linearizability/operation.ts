/**
 * One line of a history: what a client sent, when, and what came back. Plain data, so that histories can be written by
 * hand, kept in a file, and put together from several client processes of one machine.
 */
import type { Change, Value } from './value.js'

/** What was asked. Tags are ETags as they stand in the headers. */
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
  /** `name` is the same for all spellings that must not be there twice; undefined if names need not be unique. */
  | { readonly kind: 'POST'; readonly name: string | undefined; readonly value: Value }
  /** Who has the name: a filter that finds one resource or none. */
  | { readonly kind: 'SEARCH'; readonly name: string }

/** A resource in the result of a search. */
export interface FoundResource {
  readonly id: string
  readonly tag?: string
  readonly value?: Value
}

/** What came back. */
export type HistoryAnswer =
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly tag?: string
      /** What the body shows; undefined if there is none. */
      readonly value?: Value
      /** Of the resource that a POST made. */
      readonly id?: string
      /** Of a search. */
      readonly found?: readonly FoundResource[]
      /** What is wrong with the answer whatever happened before, such as an ETag that is not `meta.version`. */
      readonly flaw?: string
    }
  /** No answer, or one that does not say whether the request was carried out: it may have been, or be so at any time. */
  | { readonly kind: 'unknown'; readonly why: string }

/** One request and its end. */
export interface HistoryOperation {
  readonly client: number
  /** Which server process was asked. */
  readonly server: number
  /** Nanoseconds of a clock that all clients share and that never goes back: just before the request was sent. */
  readonly invoked: number
  /** By the same clock: just after the answer was there, or the wait for it was given up. */
  readonly returned: number
  readonly request: HistoryRequest
  readonly answer: HistoryAnswer
}
