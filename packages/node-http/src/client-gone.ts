import type { Duplex } from 'node:stream'
import { isOver, type NodeRequest, type NodeResponse } from './node-message.js'

/** Aborts if the client goes away before it has its answer, also if it has gone already. */
export function signalOf(res: NodeResponse): AbortSignal {
  const gone = new AbortController()
  const abort = (): void => {
    if (!res.writableEnded) gone.abort()
  }
  if (isOver(res)) abort()
  else res.once('close', abort)
  return gone.signal
}

/** True if an error is that of a request's connection, which the client has broken, and no failure of the application. */
export function isOfConnection(error: unknown, req: NodeRequest): boolean {
  const socket: Duplex | undefined = req.socket
  return error != null && (error === socket?.errored || error === req.errored)
}
