import type { ScimContext } from '../context.js'
import type { Spend } from '../rate-limit/rate-limit.js'
import type { Engine } from './engine.js'

/** One request for an operation: what the server has for all of them, and the caller with its request. */
export interface Call {
  readonly engine: Engine
  readonly context: ScimContext
  /** Takes requests from the rate limits of the caller; undefined without limits, and for calls that are not HTTP. */
  readonly spend?: Spend | undefined
}
