/** A runtime whose contracts did not pass has failed, for any reason. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { bundle, playIn, runtimes } from '../test-runtimes.mjs'

const tool = fileURLToPath(new URL('../test-runtimes.mjs', import.meta.url))
const installed = fileURLToPath(new URL('../../runtime-tests', import.meta.url))

let folder
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runtimes-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the digest', () => {
  const file = () => join(folder, 'bundle.mjs')

  // The applications of examples/ run on Node, with packages that npm has installed.
  const bundled = runtimes.filter(({ example }) => example === undefined)
  test.each(bundled.map((runtime) => [runtime.name, runtime.worker ?? runtime]))(
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

describe('the lockfile', () => {
  // In a folder of its own, offline and with an empty cache: npm compares package.json with the lockfile and installs nothing.
  test('has everything that `npm ci` asks for', () => {
    for (const file of ['package.json', 'package-lock.json', '.npmrc'])
      cpSync(join(installed, file), join(folder, file))
    const flags = ['--dry-run', '--offline', '--cache', join(folder, 'cache')]
    const { status, stderr } = spawnSync('npm', ['ci', ...flags], {
      cwd: folder,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    })
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' })
  })

  test('names no registry but that of npm, and a digest for each package', () => {
    const { packages } = JSON.parse(readFileSync(join(installed, 'package-lock.json'), 'utf8'))
    for (const [path, { resolved = 'https://registry.npmjs.org/', integrity }] of Object.entries(packages)) {
      if (path === '') continue
      expect([path, resolved]).toEqual([path, expect.stringMatching(/^https:\/\/registry\.npmjs\.org\//)])
      expect([path, integrity]).toEqual([path, expect.stringMatching(/^sha512-/)])
    }
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
