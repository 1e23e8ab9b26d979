import type { ExchangeRequest } from '../exchange.js'

/** One request that no well-behaved client sends, and the allowed responses. */
export interface HostileCase {
  /** Unique; describes the defect of the request. */
  readonly id: string
  /** The requirement or section that it tests. */
  readonly citation: string
  readonly request: ExchangeRequest
  /** The correct statuses. */
  readonly statuses: readonly number[]
  /** Statuses with which the HTTP parser of the platform may refuse the request; such a response has no SCIM body. */
  readonly platform?: readonly number[]
  /** True if nothing may change even if the request succeeds. */
  readonly changesNothing?: boolean
  /** Must not be in the response, neither in headers nor in the body. */
  readonly notEchoed?: string
  /** True for requests that an HTTP client cannot send; tested in process only. */
  readonly inProcessOnly?: boolean
}

/** The existing resources that hostile requests address. The user has one work e-mail. */
export interface AttackTarget {
  /** A user's id. */
  readonly user: string
  /** A group's id; the user is its only member. */
  readonly group: string
  /** The user's current ETag. */
  readonly tag: string
}

/** Makes cases with one citation: the id, the request, the correct statuses, and the other members if there are any. */
export function citing(
  citation: string,
): (
  id: string,
  request: ExchangeRequest,
  statuses: readonly number[],
  more?: Omit<HostileCase, 'id' | 'citation' | 'request' | 'statuses'>,
) => HostileCase {
  return (id, request, statuses, more = {}) => ({ id, citation, request, statuses, ...more })
}
