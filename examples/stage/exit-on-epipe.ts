/**
 * Ends the program when the reader of its output has closed the pipe: `main.js | head -3`. Without this the next line ends
 * it too, with a stack trace. It ends with the current `process.exitCode`, because npm reports every other code than 0.
 */
export function exitOnEpipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      process.exit()
    })
  }
}
