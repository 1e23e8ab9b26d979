import type { ScimContext } from '../context.js'
import type { Engine } from './engine.js'

/** One request for an operation: what the server has for all of them, and the caller with its request. */
export interface Call {
  readonly engine: Engine
  readonly context: ScimContext
}
