/** The application in a process of its own, to be killed without warning. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { AppSettings } from './app/app.js'

/** A process that can be killed and started again on the same database. */
export interface AppProcess {
  /** Resolves with the URL of its SCIM server. Rejects if it ends before. */
  start(): Promise<string>
  /** SIGKILL: no handler runs, nothing is flushed. Resolves when the process has ended. */
  kill(): Promise<void>
}

const ownProgram = fileURLToPath(new URL('./app/main.js', import.meta.url))

/** A process, not started yet. */
export function appProcess(settings: AppSettings, program: string = ownProgram): AppProcess {
  let child: ChildProcess | undefined
  return {
    async start() {
      const started = spawn(process.execPath, [program, JSON.stringify(settings)], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      child = started
      return new Promise((resolve, reject) => {
        createInterface({ input: started.stdout }).once('line', resolve)
        started.once('exit', (code, signal) => reject(new Error(`the application ended (${code ?? signal})`)))
      })
    },
    async kill() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}
