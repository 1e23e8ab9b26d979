/**
 * Lets the process go on when whoever read its output has gone: `scimkit serve --help | head`, a log viewer that was
 * closed. Without this the next line that is written ends the server, in the middle of its requests. Other failures of a
 * stream are thrown as before.
 */
export function outliveReaders(...streams: readonly NodeJS.WriteStream[]): void {
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
}
