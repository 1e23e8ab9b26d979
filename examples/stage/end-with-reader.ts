/**
 * Ends the program when whoever read its output has gone: `main.js | head -3`. Without this the next line ends it too, with
 * a stack trace. It ends with what `process.exitCode` says so far, and no better: npm makes noise about anything but 0.
 */
export function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      process.exit()
    })
  }
}
