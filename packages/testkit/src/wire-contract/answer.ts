import type { ExchangeResponse } from '../exchange.js'

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>

/** An answer, its body parsed, and what it was an answer to. */
export interface Answer extends ExchangeResponse {
  /** `GET /Users/1`. */
  readonly about: string
  /** The body; `{}` if it is no JSON object. */
  readonly json: Json
  /** The ETag; empty if there is none. */
  readonly tag: string
}
