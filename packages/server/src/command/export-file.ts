import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import type { JsonObject } from '@scimkit/core/json'
import { StartupError } from '../startup-error.js'

/**
 * Writes documents as JSON, one a line, to stdout or to a new file that only this user may read; `progress` gets their
 * number so far. Waits while the reader is slow. After an error the file is removed: part of an export must not be taken for a whole one.
 * Throws a StartupError if the file exists or cannot be written.
 */
export async function writeDocuments(
  documents: AsyncIterable<JsonObject>,
  file: string | undefined,
  progress: (count: number) => void,
): Promise<number> {
  if (file === undefined) {
    return writeTo(process.stdout, documents, progress).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') throw new StartupError('The export is not complete: the reader of stdout has ended.')
      throw error
    })
  }
  const handle = await open(file, 'wx', 0o600).catch((error: Error) => {
    throw new StartupError(`Cannot write ${file}: ${error.message}`, error)
  })
  const stream = createWriteStream(file, { fd: handle })
  try {
    const count = await writeTo(stream, documents, progress)
    stream.end()
    await once(stream, 'close')
    return count
  } catch (error) {
    stream.destroy()
    await rm(file, { force: true })
    throw error instanceof Error && 'syscall' in error
      ? new StartupError(`Cannot write ${file}: ${error.message}`, error)
      : error
  }
}

async function writeTo(
  stream: NodeJS.WritableStream & { readonly writableNeedDrain?: boolean },
  documents: AsyncIterable<JsonObject>,
  progress: (count: number) => void,
): Promise<number> {
  let failure: unknown
  stream.on('error', (error) => {
    failure = error
  })
  let count = 0
  for await (const document of documents) {
    const isFree = stream.write(`${JSON.stringify(document)}\n`)
    if (failure !== undefined) throw failure
    if (!isFree) await once(stream, 'drain')
    count += 1
    progress(count)
  }
  return count
}
