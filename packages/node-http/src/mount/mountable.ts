import type { IncomingMessage, ServerResponse } from 'node:http'
import { hasOtherCase } from './letter-case.js'
import type { RoutedRequest } from './path-left.js'

/** A handler that a router calls. */
export type MountedHandler<Req, Res> = (req: Req, res: Res, next?: (error?: unknown) => void) => void

/** A handler that receives its mount path from `app.use`, like a mounted application. */
export interface Mountable<Req, Res> extends MountedHandler<Req, Res> {
  handle: MountedHandler<Req, Res>
  /** Present, because Express treats a function with `handle` and `set` as an application. */
  set(): void
  emit(): void
}

/**
 * Creates a handler that accepts the mount only in its configured letter case. Express and connect match mounts in any
 * case and do not expose the configured spelling, except to an application: it gets `mountpath` (Express) or `route`
 * (connect). Below a Router no mount path is available, and the option `caseSensitive` of the Router applies.
 */
export function mountable<Req extends IncomingMessage & RoutedRequest, Res extends ServerResponse>(
  handler: MountedHandler<Req, Res>,
): Mountable<Req, Res> {
  const mounts: unknown[] = []
  const handle: MountedHandler<Req, Res> = (req, res, next) => {
    if (next !== undefined && hasOtherCase(req, mounts)) next()
    else handler(req, res, next)
  }
  const own: MountedHandler<Req, Res> = (req, res, next) => handler(req, res, next)
  const remembered = { set: (mount: unknown) => void mounts.push(mount), get: () => mounts.at(-1), configurable: true }
  Object.defineProperties(own, { mountpath: remembered, route: remembered })
  return Object.assign(own, { handle, set: () => undefined, emit: () => undefined })
}
