/** Ends the program, quietly, when nobody reads what it prints any more: `… | head -3`. */
export function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      // 0, unless the import has failed before.
      process.exit()
    })
  }
}
