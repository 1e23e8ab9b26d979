import type { RequestBody } from '@scimkit/core/adapter'
import type { NodeRequest } from '../node-message.js'

/**
 * The body, read here or by a parser mounted before. The state of the stream decides and not `req.body`: Express 4's
 * `express.json()` sets it to `{}` for `application/scim+json` and leaves the stream unread.
 * Rejects if the client disconnects meanwhile, or with the rejection of `grown`, which is called with the bytes received.
 */
export async function readBody(
  req: NodeRequest,
  limit: number,
  parser: { parsedBody(): unknown },
  grown?: (bytes: number) => Promise<void> | undefined,
): Promise<RequestBody> {
  if (Number(req.headers['content-length']) > limit) return { kind: 'tooLarge' }
  if (wasRead(req)) return fromParser(parser.parsedBody(), limit)
  if (req.destroyed) throw clientGone()
  return await collect(req, limit, grown)
}

/** True if an earlier handler has read the body, or started to. */
export function wasRead(req: NodeRequest): boolean {
  return req.readableDidRead || req.readableEnded
}

function fromParser(value: unknown, limit: number): RequestBody {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value
  if (!(bytes instanceof Uint8Array)) return { kind: 'parsed', value }
  return bytes.length > limit ? { kind: 'tooLarge' } : { kind: 'bytes', bytes }
}

// Listeners, because `for await` costs more than the rest of the request and destroys the socket when it stops early.
function collect(
  req: NodeRequest,
  limit: number,
  grown: ((bytes: number) => Promise<void> | undefined) | undefined,
): Promise<RequestBody> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const stop = () => {
      req.pause().off('data', onData).off('end', onEnd).off('close', onClose).off('error', onError)
    }
    const onData = (chunk: Buffer | string) => {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      size += bytes.length
      chunks.push(bytes)
      if (size > limit) {
        stop()
        resolve({ kind: 'tooLarge' })
        return
      }
      const room = grown?.(size)
      if (room !== undefined) waitFor(room)
    }
    const waitFor = (room: Promise<void>) => {
      req.pause()
      room.then(
        () => req.resume(),
        (refusal: Error) => onError(refusal),
      )
    }
    const onEnd = () => {
      // Over HTTP/2 Node ends the body of an aborted request as if it were complete.
      if (req.aborted) return onError(clientGone())
      stop()
      resolve({ kind: 'bytes', bytes: Buffer.concat(chunks, size) })
    }
    const onError = (error: Error) => {
      stop()
      reject(error)
    }
    const onClose = () => onError(clientGone())
    req.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onError)
  })
}

const clientGone = () => new Error('The client disconnected before its request was complete.')
