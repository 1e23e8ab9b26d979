import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { effort } from '../support/effort.js'
import { faults } from '../support/faults/faults.js'

/** The failed cases of the wire contract for each core; the first one has no fault. */
const script = fileURLToPath(new URL('../support/faults/run.mjs', import.meta.url))
const args = { short: [script], full: [script, 'all'] }[effort]
const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 28 })
const [sound, ...broken] = JSON.parse(stdout) as readonly [name: string, failed: readonly [id: string, why: string][]][]

test('without a fault every case passes, also concurrently', () => {
  expect(sound).toEqual(['no fault', []])
})

test.each(faults)('the contract detects: $name', ({ name, seenBy }) => {
  const ids = broken.find(([other]) => other === name)?.[1].map(([id]) => id) ?? []
  if (effort === 'full') process.stdout.write(`fault: ${name}\n  seen by ${ids.length}: ${ids.join(', ')}\n`)
  expect(ids).toContain(seenBy)
})
