/**
 * What a full GET of a group of 100,000 members needs beyond rest: `node bench/members-memory.mjs [store]`. Build first
 * (`npm start` or `pnpm build`). The server is a process of its own; Linux tells the most it has ever held (VmHWM).
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const members = 100_000
const folder = mkdtempSync(join(tmpdir(), 'scimkit-bench-'))
const store = process.argv[2] ?? `sqlite:${join(folder, 'members.db')}`
const command = fileURLToPath(new URL('../packages/server/bin/scimkit.mjs', import.meta.url))
const json = { 'Content-Type': 'application/scim+json' }

try {
  const group = await withServer(async (url) => {
    const schemas = ['urn:ietf:params:scim:schemas:core:2.0:Group']
    const all = Array.from({ length: members }, () => ({ value: crypto.randomUUID() }))
    const body = JSON.stringify({ schemas, displayName: 'everybody', members: all })
    const response = await fetch(`${url}/Groups`, { method: 'POST', headers: json, body })
    if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`)
    return (await response.json()).id
  })
  // Another process, that has never held the group.
  await withServer(async (url, pid) => {
    await (await fetch(`${url}/Groups/${group}?excludedAttributes=members`)).text()
    writeFileSync(`/proc/${pid}/clear_refs`, '5')
    const before = held(pid)
    const started = performance.now()
    const text = await (await fetch(`${url}/Groups/${group}`)).text()
    const milliseconds = Math.round(performance.now() - started)
    const shown = JSON.parse(text).members.length
    const megabytes = Math.round((held(pid) - before) / 1024)
    console.log(`GET of ${shown} members: ${text.length} characters in ${milliseconds} ms, ${megabytes} MB beyond rest`)
  })
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** The most memory the process has held since it was reset, in KiB. */
function held(pid) {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmHWM:\s+(\d+)/m)
  return Number(line?.[1])
}

async function withServer(use) {
  const server = spawn(
    process.execPath,
    [command, 'serve', '--store', store, '--no-auth', '--port', '0', '--log', 'silent'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  try {
    const url = await new Promise((resolve) => {
      createInterface({ input: server.stdout }).on('line', (line) => resolve(line.replace('ready ', '')))
    })
    return await use(url, server.pid)
  } finally {
    server.kill('SIGKILL')
  }
}
