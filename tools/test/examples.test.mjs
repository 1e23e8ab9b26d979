/** Every example, as its page says to run it, but shorter; each ends with an error if it is not as it tells. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from '@jest/globals'

const folder = mkdtempSync(join(tmpdir(), 'scimkit-examples-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a built example; gives how it ended, and what it printed. */
function run(name, ...flags) {
  const main = fileURLToPath(new URL(`../../examples/dist/${name}/main.js`, import.meta.url))
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...flags], { timeout: 110_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : (error.code ?? error.signal), stdout, stderr }),
    )
  })
}

test('etag-concurrency: the tour goes as it tells', async () => {
  const { code, stdout, stderr } = await run('etag-concurrency')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('9 chapters')
  expect(stdout.match(/✓/g)?.length).toBeGreaterThan(35)
}, 120_000)

test('conflict-lab: the naive server loses writes, ScimKit none', async () => {
  const { code, stdout, stderr } = await run('conflict-lab', '--seconds', '2', '--latency', '3')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('Of what ScimKit said was done, nothing.')
}, 120_000)

test('conflict-lab: a flag that is none is told', async () => {
  const { code, stderr } = await run('conflict-lab', '--writers', 'many')
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: '--writers: expected a whole number from 2 to 1000, got "many"\n',
  })
})

test('bulk-import: a flag that is unknown is told, with those that there are', async () => {
  const { code, stderr } = await run('bulk-import', '--token', 'x')
  expect(code).toBe(2)
  expect(stderr).toContain('There are: --users, --folder, --url, --stop-after.')
})

test('bulk-import: killed in the middle it goes on, and once more it changes nothing', async () => {
  const flags = ['--users', '1500', '--folder', join(folder, 'import')]
  const killed = await run('bulk-import', ...flags, '--stop-after', '700')
  expect(killed.code).toBe('SIGKILL')
  const second = await run('bulk-import', ...flags)
  expect({ code: second.code, stderr: second.stderr }).toEqual({ code: 0, stderr: '' })
  expect(second.stdout).toContain('Going on after the first 500.')
  // The second batch was in when the process died, and its bookmark was not.
  expect(second.stdout).toContain('500 created, 0 brought up to date, 500 there already.\nAll 1500 are on the server.')
  const third = await run('bulk-import', ...flags)
  expect(third.stdout).toContain('0 created, 0 brought up to date, 1500 there already.\nAll 1500 are on the server.')
}, 240_000)
