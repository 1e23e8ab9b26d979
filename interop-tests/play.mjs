/**
 * Runs one driver against one server: behind a recorder, with a time limit, and judges its report.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { allowances } from './allowances.mjs'
import { cacheFolder, driversFolder } from './folders.mjs'
import { prepareJava } from './java.mjs'
import { judge } from './judge.mjs'
import { prepareNode } from './node.mjs'
import { preparePython } from './python.mjs'
import { startRecorder } from './recorder.mjs'
import { startServer } from './server.mjs'

/** Time limit of an installed driver in milliseconds: more than ten times the time of the slowest. */
const limit = 180_000

const prepare = { python: preparePython, java: prepareJava, node: prepareNode }

/**
 * Returns `{client, server, passed, allowed, failures, exchanges}`. `server` is `{base, token}` of a server that already
 * runs; without one, `scimkit serve` is started with `framework`. Throws if the driver cannot be installed.
 */
export async function play(driver, { framework, server: given, falsification }) {
  const { name, version, language, switches, ownServer = false } = driver
  const folder = join(cacheFolder, name)
  const [program, ...args] = await prepare[language](driver, folder)
  const server = ownServer ? noServer : (given ?? (await startServer({ framework, switches })))
  // The URLs in the responses of a server with a fixed base URL bypass the recorder, which some clients refuse.
  const recorder =
    given === undefined && !ownServer ? await startRecorder(server.url, { falsification }) : direct(server.url)
  try {
    const results = join(folder, 'results')
    rmSync(results, { recursive: true, force: true })
    mkdirSync(results, { recursive: true })
    const file = join(results, 'report.json')
    const run = await runLimited(program, args, {
      PYTHONPATH: join(driversFolder, 'shared'),
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONWARNINGS: 'ignore',
      INTEROP_BASE: recorder.url,
      INTEROP_TOKEN: server.token,
      INTEROP_REPORT: file,
      INTEROP_VERSION: version,
      INTEROP_FRAMEWORK: framework,
    })
    writeFileSync(join(results, 'output.log'), run.output)
    writeFileSync(join(results, 'exchanges.json'), `${JSON.stringify(recorder.exchanges, undefined, 2)}\n`)
    const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
    const missing = (server.missing ?? []).map((each) => `The server does not know the interop switch ${each}.`)
    return {
      ...judge({ driver: name, run, report, allowances }),
      checks: report?.checks ?? [],
      exchanges: recorder.exchanges,
      notes: missing,
      output: run.output,
    }
  } finally {
    await recorder.stop()
    if (given === undefined && !ownServer) await server.stop()
  }
}

const noServer = { url: '', token: '' }

const direct = (url) => ({ url: url.replace(/\/+$/, ''), exchanges: [], stop: () => undefined })

function runLimited(program, args, env) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let timedOut = false
    const collect = (text) => {
      output += text
    }
    child.stdout.setEncoding('utf8').on('data', collect)
    child.stderr.setEncoding('utf8').on('data', collect)
    const timer = setTimeout(() => {
      timedOut = true
      child.kill('SIGKILL')
    }, limit)
    const end = (code) => {
      clearTimeout(timer)
      resolve({ code, output, timedOut, limit })
    }
    child.on('error', (error) => {
      output += error.message
      end(undefined)
    })
    child.on('close', end)
  })
}
