/**
 * Ignores EPIPE, so that the process continues after the reader of its output has ended: `scimkit serve --help | head`, a
 * log viewer that was closed. Without this the next output line ends the server, in the middle of its requests. Other
 * errors of a stream are thrown as before.
 */
export function ignoreEpipe(...streams: readonly NodeJS.WriteStream[]): void {
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
}
