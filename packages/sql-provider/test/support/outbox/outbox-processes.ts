/** Processes on one store with an outbox: writers, and consumers. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

/** What a process does. */
export type OutboxJob =
  | { readonly role: 'write'; readonly store: string; readonly groups: readonly string[] }
  | { readonly role: 'consume'; readonly store: string; readonly log: string; readonly pause: number }

/** A change that a writer reported as committed. */
export type Acknowledged =
  | { readonly type: string; readonly id: string; readonly after: string }
  | { readonly type: string; readonly id: string; readonly removed: true }

/** A process that can be killed and started again. */
export interface OutboxProcess {
  start(): Promise<void>
  /** SIGKILL; resolves when the process has ended and its last line was read. */
  kill(): Promise<void>
}

let program: string | undefined

/** The program and all that it imports, in one file, compiled from the sources. */
function programFile(): string {
  if (program !== undefined) return program
  const folder = fileURLToPath(new URL('../../../node_modules/.cache/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `outbox-program-${process.pid}.mjs`)
  buildSync({
    entryPoints: [fileURLToPath(new URL('./outbox-program.ts', import.meta.url))],
    outfile: `${file}.part`,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@scimkit/source'],
    external: ['libsql', 'better-sqlite3', 'pg-native'],
    banner: {
      js: `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url)`,
    },
    logLevel: 'error',
  })
  renameSync(`${file}.part`, file)
  program = file
  return file
}

/** A process, not started yet. It passes what its writer reports to `onAcknowledged`. */
export function outboxProcess(
  job: OutboxJob,
  onAcknowledged: (change: Acknowledged) => void = () => {},
): OutboxProcess {
  let child: ChildProcess | undefined
  let lines: Promise<unknown> = Promise.resolve()
  return {
    async start() {
      const started = spawn(process.execPath, [programFile(), JSON.stringify(job)], {
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      child = started
      let said = ''
      started.stderr.on('data', (text) => {
        said += String(text)
      })
      const reader = createInterface({ input: started.stdout })
      lines = once(reader, 'close')
      await new Promise<void>((resolve, reject) => {
        reader.on('line', (line) => {
          const read = JSON.parse(line) as Acknowledged | { readonly ready: true }
          if ('ready' in read) resolve()
          else onAcknowledged(read)
        })
        started.once('exit', (code, signal) => reject(new Error(`the process ended (${code ?? signal}): ${said}`)))
      })
    },
    async kill() {
      if (child === undefined) return
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit')
        child.kill('SIGKILL')
        await gone
      } else if (child.signalCode !== 'SIGKILL') throw new Error(`the process ended by itself (${child.exitCode})`)
      await lines
      child = undefined
    },
  }
}
