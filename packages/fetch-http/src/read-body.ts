import type { RequestBody } from '@scimkit/core/adapter'

/**
 * The body, read here or by an earlier reader. A `Content-Length` is trusted, because the platform enforces it; without
 * one the bytes of the stream are counted. Rejects if the client disconnects in the middle, or with the reason of `grown`,
 * which is called with the number of bytes received so far.
 */
export async function readBody(
  request: Request,
  limit: number,
  reader: { parsedBody(): unknown },
  grown?: Grown,
): Promise<RequestBody> {
  if (request.bodyUsed) return fromReader(await reader.parsedBody(), limit)
  const length = request.headers.get('content-length')
  if (length !== null && Number(length) > limit) return { kind: 'tooLarge' }
  if (length !== null) return { kind: 'bytes', bytes: new Uint8Array(await request.arrayBuffer()) }
  return request.body === null ? { kind: 'bytes', bytes: new Uint8Array() } : collect(request.body, limit, grown)
}

// A text is the original body, so the core parses it as if no reader had been before.
function fromReader(value: unknown, limit: number): RequestBody {
  if (typeof value !== 'string') return { kind: 'parsed', value }
  const bytes = new TextEncoder().encode(value)
  return bytes.length > limit ? { kind: 'tooLarge' } : { kind: 'bytes', bytes }
}

type Grown = (bytes: number) => Promise<void> | undefined

async function collect(
  stream: ReadableStream<Uint8Array>,
  limit: number,
  grown: Grown | undefined,
): Promise<RequestBody> {
  const reader = stream.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return { kind: 'bytes', bytes: joined(chunks, size) }
    size += value.length
    if (size > limit) {
      await reader.cancel()
      return { kind: 'tooLarge' }
    }
    chunks.push(value)
    const room = grown?.(size)
    if (room !== undefined) await orCancel(room, reader)
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

async function orCancel(room: Promise<void>, reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    await room
  } catch (refusal) {
    await reader.cancel()
    throw refusal
  }
}
