/** Runs every example as its page does, but shorter; each ends with an error if one of its statements is false. */
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from '@jest/globals'
import { addsUp, emptyTally, lostIn } from '../../examples/dist/conflict-lab/experiment.js'
import { liveLine, panel, scaleOf } from '../../examples/dist/conflict-lab/picture.js'
import { movingLine } from '../../examples/dist/stage/moving-line.js'

const folder = mkdtempSync(join(tmpdir(), 'scimkit-examples-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const mainOf = (name) => fileURLToPath(new URL(`../../examples/dist/${name}/main.js`, import.meta.url))

/** Runs a built example; returns its exit code and its output. */
function run(name, ...flags) {
  return new Promise((resolve) => {
    execFile(process.execPath, [mainOf(name), ...flags], { timeout: 110_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : (error.code ?? error.signal), stdout, stderr }),
    )
  })
}

/** Runs a built example and closes its output after the first lines; returns its exit code and its errors. */
function runUnread(name, ...flags) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [mainOf(name), ...flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 110_000,
    })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text
    })
    child.stdout.once('data', () => child.stdout.destroy())
    child.on('close', (code, signal) => resolve({ code: code ?? signal, stderr }))
  })
}

test('etag-concurrency: all statements of the tour are true', async () => {
  const { code, stdout, stderr } = await run('etag-concurrency')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('13 chapters')
  expect(stdout.match(/✓/g)).toHaveLength(68)
  expect(stdout).toMatch(
    /16 writers, \d+ attempts; the one with the most:\n {6}attempt 1 {2}versionMismatch, waits [\d.]+ ms \(random, below 20 ms\)\n/,
  )
  expect(stdout).toContain('✓ an id of acme is 404 in globex')
  expect(stdout).toMatch(
    /Express {2}201 {2}412 {2}304 {2}(W\S+)\n {4}Koa {6}201 {2}412 {2}304 {2}\1\n {4}Hono {5}201 {2}412 {2}304 {2}\1/,
  )
  // The user is deleted after the hold is removed, and the group has no deleted members.
  expect(stdout).toMatch(/✓ the hold is gone[\s\S]*→ DELETE \/Users\/\w{8}…\n {6}If-Match: W\/"3-/)
  expect(stdout).toContain('✓ the group has no deleted members')
  expect(stdout).toMatch(
    /→ PUT \/Users\/\w{8}…\n {6}If-Match: W\/"1-\w{6}…-\w{4}…"\n {6}Prefer: conflict-details\n {4}← 412/,
  )
}, 120_000)

test('multi-tenant: all statements are true, and no attempt reaches the other tenant', async () => {
  const { code, stdout, stderr } = await run('multi-tenant')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('7 chapters, 45 statements checked.')
  expect(stdout.match(/✓/g)).toHaveLength(45)
  expect(stdout.match(/the same for both/g)).toHaveLength(15)
  // No secret of a customer is printed.
  expect(stdout).not.toMatch(/scim(sec)?_[\w-]{30}/)
}, 120_000)

test('agents: every acknowledged write is found', async () => {
  const { code, stdout, stderr } = await run('agents', '--seconds', '1')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.match(/✓/g)).toHaveLength(2)
  expect(stdout).toMatch(/→ (patch|merge)_user expectedVersion \d+-\w{6}…-\w{4}…\n {4}← conflict/)
  expect(stdout).toContain('nextStep: Another writer has changed this User since you read it, so nothing was written.')
  expect(stdout).toMatch(/agent 8 +[█░]+ +\d+ written/)
}, 120_000)

test('deprovision: all statements of the story are true, also after SIGKILL', async () => {
  const { code, stdout, stderr } = await run('deprovision')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('7 chapters, 45 statements checked.')
  expect(stdout.match(/✓/g)).toHaveLength(45)
  expect(stdout).toMatch(/→ GET \/me\n {6}Cookie: session=\w{8}…\n {4}← 401[\s\S]*✓ on the laptop: 401/)
  expect(stdout).toMatch(/× SIGKILL[\s\S]*inactive {2}ignored\n {4}chat {2}edsger {3}inactive {2}stored/)
  expect(stdout).toContain('"detail": "margaret is the last administrator.')
}, 120_000)

test('etag-concurrency: an argument is refused', async () => {
  const { code, stdout, stderr } = await run('etag-concurrency', '--chapter', '4')
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain("Unknown option '--chapter'")
  expect(stderr).toContain('This program has no flags.\n')
})

test.each([['etag-concurrency'], ['deprovision'], ['conflict-lab', '--seconds', '1', '--writers', '4']])(
  '%s: ends quietly when its output is closed',
  async (...call) => {
    expect(await runUnread(...call)).toEqual({ code: 0, stderr: '' })
  },
  120_000,
)

test('conflict-lab: the naive server loses writes, ScimKit none', async () => {
  const { code, stdout, stderr } = await run('conflict-lab', '--seconds', '2', '--latency', '3')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('Of what ScimKit said was done, nothing.')
}, 120_000)

test('conflict-lab: many writers on a slow store end with the time, on both servers', async () => {
  const { stdout, stderr } = await run('conflict-lab', '--seconds', '1', '--writers', '200', '--latency', '200')
  // With one or two attempts per writer there may be no lost write, which is reported.
  expect(stderr).toMatch(/^(The other server lost nothing .*\n)?$/)
  expect(stdout).toMatch(/ScimKit, which compares[\s\S]*in the record/)
  // An attempt that began at the last moment takes seconds on a busy machine; a run with further attempts took over thirty.
  const times = [...stdout.matchAll(/ ([\d.]+) s {3}/g)].map(([, seconds]) => Number(seconds))
  expect(times).toHaveLength(2)
  expect(Math.max(...times)).toBeLessThan(20)
}, 120_000)

test('conflict-lab: the picture has all the time in its width, and panels the same scale', () => {
  const short = { ...emptyTally(), acknowledged: 1, counted: 1, slices: [1] }
  const long = { ...emptyTally(), acknowledged: 2, counted: 2, slices: Object.assign([], { 0: 1, 5999: 1 }) }
  const scale = scaleOf(short, long)
  const [, , , , inTime] = panel('long', long, scale)
  expect(inTime).toBe(`  in time       █${'▁'.repeat(48)}█  per 1200 ms`)
  expect(panel('short', short, scale)[4]).toBe('  in time       █  per 1200 ms')
})

test('conflict-lab: a moving line stays on its line', () => {
  const tally = { ...emptyTally(), acknowledged: 1, conflicts: 12_345_678, tries: 12_345_679 }
  const line = liveLine('reads, then writes', 1, tally)
  expect(movingLine(line, 80)).toBe(`\r${line.slice(0, 79)}\u001b[K`)
  expect(liveLine('reads, then writes', 599.9, emptyTally())).toHaveLength(79)
})

test('conflict-lab: a write with an unknown outcome is neither lost nor invented', () => {
  const tally = { ...emptyTally(), acknowledged: 10, unknown: 2 }
  const results = [9, 10, 12, 13].map((counted) => [addsUp({ ...tally, counted }), lostIn({ ...tally, counted })])
  expect(results).toEqual([
    [false, 1],
    [true, 0],
    [true, 0],
    [false, 0],
  ])
})

test('conflict-lab: an invalid flag value is reported', async () => {
  const { code, stderr } = await run('conflict-lab', '--writers', 'many')
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: '--writers: expected a whole number from 2 to 1000, got "many"\n',
  })
})

test('bulk-import: an unknown flag is reported, with the list of flags', async () => {
  const { code, stderr } = await run('bulk-import', '--token', 'x')
  expect(code).toBe(2)
  expect(stderr).toContain('Flags: --users, --folder, --url, --stop-after.')
})

test('bulk-import: it continues after it was killed, and a further run changes nothing', async () => {
  const flags = ['--users', '1500', '--folder', join(folder, 'import')]
  const killed = await run('bulk-import', ...flags, '--stop-after', '700')
  expect(killed.code).toBe('SIGKILL')
  const second = await run('bulk-import', ...flags)
  expect({ code: second.code, stderr: second.stderr }).toEqual({ code: 0, stderr: '' })
  expect(second.stdout).toContain('Continuing after the first 500.')
  // The second batch was stored when the process died, but its bookmark was not.
  expect(second.stdout).toContain('500 created, 0 updated, 500 unchanged.\nAll 1500 are on the server.')
  const third = await run('bulk-import', ...flags)
  expect(third.stdout).toContain('0 created, 0 updated, 1500 unchanged.\nAll 1500 are on the server.')
}, 240_000)
