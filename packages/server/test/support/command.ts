/** The command, built, as its own process in a temporary folder. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach } from '@jest/globals'
import supertest from 'supertest'
import { bundledCommand } from '../../../testkit/test/support/bundled-command.js'

const command = fileURLToPath(new URL('../../bin/scimkit.mjs', import.meta.url))
// Servers on memory are started as users do it; all else, hundreds of processes, from the same files in one.
/** The built command, in one file. */
export const commandFile: string = bundledCommand(fileURLToPath(new URL('../../', import.meta.url)), command)
const environment = { ...process.env, SCIMKIT_TOKEN: undefined, FORCE_COLOR: undefined, NO_COLOR: undefined }
const started = new Set<ChildProcess>()

/** The working directory of the command, with the files that it creates by default. */
export const folder: string = realpathSync(mkdtempSync(join(tmpdir(), 'scimkit-command-')))

afterEach(() => {
  for (const child of started) child.kill('SIGKILL')
  started.clear()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The result of a command. */
export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command until it ends by itself. */
export function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [commandFile, ...args], {
    cwd: folder,
    env: { ...environment, ...env },
    encoding: 'utf8',
    timeout: 30_000,
  })
  return { status, stdout, stderr }
}

/** Runs the command asynchronously: several can run at the same time. */
export async function runBeside(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [commandFile, ...args], { cwd: folder, env: environment })
  started.add(child)
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text) => {
      output[name] += text
    })
  }
  const [status] = await once(child, 'close')
  return { status, ...output }
}

/** A server that is ready. */
export interface Served {
  readonly child: ChildProcess
  /** Its output so far. */
  readonly output: { readonly stdout: string; readonly stderr: string }
  readonly exited: Promise<number | null>
  readonly url: string
  readonly port: string
  readonly agent: ReturnType<typeof supertest>
  /** The path below which SCIM is. */
  readonly root: string
}

/** Starts a server on a free port, on memory unless the arguments say otherwise, and resolves when it is ready. */
export async function serve(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Served> {
  const store = args.some((arg) => /^--(store|data)\b/.test(arg)) ? [] : ['--store', 'memory']
  return serveAsIs([...store, ...args], env)
}

/** The same with only the port added. Another process may take the port before the server does; then another port is tried. */
export async function serveAsIs(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Served> {
  for (let left = 3; ; left--) {
    try {
      return await serveOn(await freePort(), args, env)
    } catch (error) {
      if (left === 0 || !String(error).includes('Cannot listen')) throw error
    }
  }
}

const fileFor = (args: readonly string[]): string => (args.includes('memory') ? command : commandFile)

async function serveOn(port: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Served> {
  const child = spawn(process.execPath, [fileFor(args), 'serve', '--port', port, ...args], {
    cwd: folder,
    env: { ...environment, ...env },
  })
  started.add(child)
  const output = { stdout: '', stderr: '' }
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.stderr += text
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output.stdout += text
      if (output.stdout.includes('\n')) resolve()
    })
    child.once('exit', () => reject(new Error(`ended before it was ready: ${output.stderr}`)))
  })
  const url = output.stdout.slice('ready '.length).trimEnd()
  const agent = supertest(`http://127.0.0.1:${port}`)
  return { child, output, exited, url, port, agent, root: new URL(url).pathname }
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return String(port)
}
