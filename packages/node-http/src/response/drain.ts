import { isHttp2, type NodeRequest } from '../node-message.js'

// Limits for data that a client may still send after the response, which is discarded.
const mostBytes = 16_777_216
const mostMilliseconds = 5_000

/**
 * Reads and discards the rest of a request. Calls `done` once: when the rest was received or the client disconnected. If
 * the rest is too large or too slow, calls `done` and closes the connection, over HTTP/2 the stream. Never throws.
 */
export function drain(req: NodeRequest, done: () => void): void {
  let left = mostBytes
  let isDone = false
  const finish = (): void => {
    if (isDone) return
    isDone = true
    clearTimeout(patience)
    done()
  }
  const giveUp = (): void => {
    finish()
    hangUp(req)
  }
  const patience = setTimeout(giveUp, mostMilliseconds).unref()
  req.on('data', (chunk: Buffer | string) => {
    left -= chunk.length
    if (left < 0) giveUp()
  })
  req.once('end', finish).once('close', finish).once('error', finish)
  req.resume()
}

// A simulated request may have no socket, or one that cannot be destroyed.
function hangUp(req: NodeRequest): void {
  const socket: { destroy?: unknown } | undefined = req.socket
  if (isHttp2(req)) req.stream.close()
  else if (typeof socket?.destroy === 'function') socket.destroy()
}
