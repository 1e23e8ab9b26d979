/**
 * Starts `scimkit serve` from the built workspace on a free loopback port, with a store in memory, and stops it.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { root } from '../tools/workspace.mjs'

/** Time limit in milliseconds for the "ready" line of the server. */
const startLimit = 30_000

/** The exit code of `scimkit` for a command line that it does not understand. */
const usageError = 2

/**
 * Starts a server and returns `{url, token, interop, stop}`. `switches` are interop switches in addition to the preset
 * lenient; one that this version of the server does not know is omitted, so that its driver shows the failures without it.
 */
export async function startServer({ framework, switches = [] }) {
  const first = await launch({ framework, interop: ['lenient', ...switches].join(',') })
  if (first.kind === 'running') return first
  if (first.code !== usageError || switches.length === 0)
    throw new Error(`scimkit serve did not start: ${first.output}`)
  const second = await launch({ framework, interop: 'lenient' })
  if (second.kind === 'running') return { ...second, missing: switches }
  throw new Error(`scimkit serve did not start: ${second.output}`)
}

function launch({ framework, interop }) {
  const token = randomBytes(32).toString('hex')
  const flags = ['--port', '0', '--store', 'memory', '--log', 'silent', '--adapter', framework, '--interop', interop]
  const child = spawn(process.execPath, [join(root, 'packages/server/bin/scimkit.mjs'), 'serve', ...flags], {
    env: { ...process.env, SCIMKIT_TOKEN: token },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise((resolve) => child.on('close', resolve))
  const stop = async () => {
    child.kill('SIGTERM')
    const force = setTimeout(() => child.kill('SIGKILL'), 5_000)
    await ended
    clearTimeout(force)
  }
  return new Promise((resolve) => {
    let output = ''
    const limit = setTimeout(() => child.kill('SIGKILL'), startLimit)
    const collect = (text) => {
      output += text
      const url = /^ready (\S+)$/m.exec(output)?.[1]
      if (url === undefined) return
      clearTimeout(limit)
      resolve({ kind: 'running', url, token, interop, missing: [], stop })
    }
    child.stdout.setEncoding('utf8').on('data', collect)
    child.stderr.setEncoding('utf8').on('data', collect)
    child.on('close', (code) => {
      clearTimeout(limit)
      resolve({ kind: 'ended', code, output })
    })
  })
}
