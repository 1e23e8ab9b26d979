import type { ExchangeResponse } from '../exchange.js'

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>

/** A response with its parsed body, and a description of its request. */
export interface Answer extends ExchangeResponse {
  /** `GET /Users/1`. */
  readonly about: string
  /** The body; `{}` if it is not a JSON object. */
  readonly json: Json
  /** The ETag; empty if absent. */
  readonly tag: string
}
