import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { faults } from './support/faults/faults.js'

/** What the wire contract found in each core; the first one is as it should be. */
const script = fileURLToPath(new URL('./support/faults/run.mjs', import.meta.url))
const { stdout } = await promisify(execFile)(process.execPath, [script], { maxBuffer: 2 ** 28 })
const [sound, ...broken] = JSON.parse(stdout) as readonly [name: string, found: readonly [id: string, why: string][]][]

test('without a fault every case is kept, also when all run at once', () => {
  expect(sound).toEqual(['no fault', []])
})

test.each(faults.map(({ name }) => name))('the contract sees: %s', (name) => {
  const found = broken.find(([other]) => other === name)?.[1] ?? []
  const ids = found.map(([id]) => id)
  process.stdout.write(
    `fault: ${name}\n  seen by ${ids.length}: ${ids.slice(0, 4).join(', ')}${ids.length > 4 ? ' …' : ''}\n`,
  )
  expect(ids).not.toEqual([])
})
