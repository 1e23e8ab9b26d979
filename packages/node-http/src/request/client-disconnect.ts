import type { Duplex } from 'node:stream'
import { isOver, type NodeRequest, type NodeResponse } from '../node-message.js'

/** A signal that aborts if the client disconnects before it received the response, or has disconnected already. */
export function signalOf(res: NodeResponse): AbortSignal {
  const gone = new AbortController()
  const abort = (): void => {
    if (!res.writableEnded) gone.abort()
  }
  if (isOver(res)) abort()
  else res.once('close', abort)
  return gone.signal
}

/** True if an error was caused by the client that closed its connection, and not by the application. */
export function isOfConnection(error: unknown, req: NodeRequest): boolean {
  const socket: Duplex | undefined = req.socket
  return error != null && (error === socket?.errored || error === req.errored)
}
