import type { IncomingMessage } from 'node:http'

// Bounds on what a client may send for nothing once it has been answered.
const mostBytes = 16_777_216
const mostMilliseconds = 5_000

/** Reads the rest of a request and throws it away; `done` when it has come, or hangs up when it is too much or too slow. */
export function drain(req: IncomingMessage, done: () => void): void {
  let left = mostBytes
  const hangUp = () => {
    req.socket.destroy()
  }
  const patience = setTimeout(hangUp, mostMilliseconds).unref()
  req.on('data', (chunk: Buffer | string) => {
    left -= chunk.length
    if (left < 0) hangUp()
  })
  req.once('close', () => clearTimeout(patience))
  req.once('end', done)
  req.resume()
}
