/** A separate process that checkpoints the file of the servers without pause, like a backup tool or another program. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'

// The library is loaded in the same way as in the servers, so that all of them have the same locks.
const library = createRequire(import.meta.url).resolve('libsql')
const program = `
const Library = process.argv[2] === 'libsql' ? require(process.argv[3]) : require('node:sqlite').DatabaseSync
const database = new Library(process.argv[1])
database.exec('pragma busy_timeout = 50')
const checkpoint = () => {
  try {
    database.prepare('pragma wal_checkpoint(passive)').all()
  } catch {}
  setImmediate(checkpoint)
}
checkpoint()
`

/** A running checkpointer. */
export interface Checkpointer {
  stop(): Promise<void>
}

/** Starts one on a file, with the named library. */
export function checkpointer(file: string, engine: 'libsql' | 'node:sqlite'): Checkpointer {
  const child: ChildProcess = spawn(process.execPath, ['-e', program, file, engine, library], { stdio: 'ignore' })
  return {
    async stop() {
      if (child.exitCode !== null) throw new Error(`the checkpointer ended by itself (${child.exitCode})`)
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}
