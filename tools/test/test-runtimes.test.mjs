/** A runtime whose contracts did not pass has failed, for any reason. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { bundle, playIn, runtimes } from '../test-runtimes.mjs'

const tool = fileURLToPath(new URL('../test-runtimes.mjs', import.meta.url))

let folder
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runtimes-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the digest', () => {
  const file = () => join(folder, 'bundle.mjs')

  test.each(runtimes.map((runtime) => [runtime.name, runtime.worker ?? runtime]))(
    'is the right one: %s',
    async (_, one) => {
      expect(one.digest).toMatch(/^digest\.(node|web)\.js$/)
      await bundle(file(), one)
    },
  )

  test('of Node is found where WebCrypto is expected', async () => {
    const bun = runtimes.find(({ name }) => name === 'bun')
    await expect(bundle(file(), { ...bun, conditions: ['bun', 'node'] })).rejects.toThrow(
      'the conditions bun,node lead to digest.node.js, expected digest.web.js',
    )
  })
})

describe('one runtime', () => {
  // Node, but it does `script` instead of the contracts.
  const doing = (script) => playIn({ ...runtimes[0], find: () => process.execPath, flags: ['-e', script] })

  test.each([
    ['passes', 'console.log("5 passed, 0 failed")', { passed: 5, failed: 0 }],
    ['fails some', 'console.log("5 passed, 2 failed")', { passed: 5, failed: 2 }],
    ['passes and falls over', 'console.log("5 passed, 0 failed"); process.exitCode = 1', { passed: 5, failed: 1 }],
    ['ends without a word', '', { passed: 0, failed: 1 }],
    ['tries nothing', 'console.log("0 passed, 0 failed")', { passed: 0, failed: 1 }],
  ])('that %s', async (_what, script, counts) => {
    expect(await doing(script)).toMatchObject(counts)
  })

  test('that npm did not install has failed', async () => {
    const missing = await playIn({ ...runtimes[0], name: 'node-99', find: () => undefined })
    expect(missing).toEqual({ passed: 0, failed: 1, output: 'npm has brought no node-99 for this machine' })
  })

  test('that is unknown is a usage error', () => {
    const { status, stderr } = spawnSync(process.execPath, [tool, 'netscape'], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('known are: node, node-24, bun') })
  })
})
