/** A real `scimkit serve` in a process of its own, to be killed without warning. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type HttpExchange, viaHttp } from '@scimkit/testkit'
import { bundledCommand, bundledSource } from '../../../../testkit/test/support/bundled-command.js'

const server = fileURLToPath(new URL('../../../../server/', import.meta.url))
const command = bundledCommand(server, join(server, 'bin/scimkit.mjs'))

let hooked: string | undefined

/** The path of one file with the hooked server, written once for each process. */
function hookedCommand(): string {
  hooked ??= bundledSource(fileURLToPath(new URL('hooked-server.ts', import.meta.url)))
  return hooked
}

/** A server that can be killed and started again on the same store. */
export interface ServerProcess {
  /** Sends to the running server; undefined while there is none. */
  readonly exchange: () => HttpExchange | undefined
  /** The base URL of the server that ran last. */
  readonly url: () => string
  /** Resolves when it is ready. Rejects with its output if it ends before. */
  start(): Promise<void>
  /** SIGKILL: nothing is flushed, nothing is closed. Resolves when the process has ended. */
  kill(): Promise<void>
}

/** The program of a server: `scimkit`, or one with hooks, an outbox and quotas. */
export type ServerProgram = 'scimkit' | 'hooked'

/** A server on a store, not started yet. */
export function serverProcess(
  store: string,
  flags: readonly string[] = [],
  program: ServerProgram = 'scimkit',
): ServerProcess {
  let child: ChildProcess | undefined
  let exchange: HttpExchange | undefined
  let base = ''

  return {
    exchange: () => exchange,
    url: () => base,
    async start() {
      const args = [
        program === 'scimkit' ? command : hookedCommand(),
        'serve',
        '--store',
        store,
        '--no-auth',
        '--port',
        '0',
        '--log',
        'silent',
        ...flags,
      ]
      const started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
      child = started
      let said = ''
      started.stderr.on('data', (text) => {
        said += String(text)
      })
      const url = await new Promise<string>((resolve, reject) => {
        createInterface({ input: started.stdout }).on('line', (line) => {
          if (line.startsWith('ready ')) resolve(line.slice('ready '.length))
        })
        started.once('exit', (code, signal) => reject(new Error(`the server ended (${code ?? signal}): ${said}`)))
      })
      base = url
      exchange = viaHttp(url, { timeout: 20_000, keepAlive: true })
    },
    async kill() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
      exchange?.close()
      exchange = undefined
    },
  }
}
