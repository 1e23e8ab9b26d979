import type { IncomingMessage, ServerResponse } from 'node:http'
import { hasOtherCase } from './letter-case.js'
import type { RoutedRequest } from './path-left.js'

/** A handler that a router calls. */
export type MountedHandler<Req, Res> = (req: Req, res: Res, next?: (error?: unknown) => void) => void

/** A handler that is told where `app.use` mounts it, as applications are that are mounted in another one. */
export interface Mountable<Req, Res> extends MountedHandler<Req, Res> {
  handle: MountedHandler<Req, Res>
  /** Present, because Express takes a function with `handle` and `set` for an application. */
  set(): void
  emit(): void
}

/**
 * Makes a handler that takes the mount in the letter case in which it was configured. Express and connect match mounts in
 * any case and hide how they were written, except from an application: that gets `mountpath` (Express) or `route`
 * (connect). Below a Router nothing is told, and the case is the Router's business (`caseSensitive`).
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
