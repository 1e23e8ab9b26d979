import type { ExchangeRequest } from '../exchange.js'

/** One request that no honest client sends, and what a server may answer. */
export interface HostileCase {
  /** Unique; says what is wrong with the request. */
  readonly id: string
  /** The requirement or section that it tries. */
  readonly citation: string
  readonly request: ExchangeRequest
  /** The statuses that are right. */
  readonly statuses: readonly number[]
  /** Statuses with which a platform's own HTTP parser may refuse before we are asked; such an answer has no body of ours. */
  readonly platform?: readonly number[]
  /** True when nothing may change even if the request succeeds. */
  readonly changesNothing?: boolean
  /** Must not come back in any answer, header or body. */
  readonly notEchoed?: string
  /** True for what cannot be sent by a proper HTTP client; tried in process only. */
  readonly inProcessOnly?: boolean
}

/** The resources that hostile requests aim at. They exist, and the user has one work e-mail. */
export interface Prey {
  /** A user's id. */
  readonly user: string
  /** A group's id; the user is its only member. */
  readonly group: string
  /** The user's current ETag. */
  readonly tag: string
}
