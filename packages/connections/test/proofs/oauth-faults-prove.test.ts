/** Each check of the token endpoint, removed, is noticed by a case of the OAuth contract. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from '@jest/globals'
import { build } from 'esbuild'
import { type OAuthFault, oauthFaults } from '../support/oauth-faults.js'

const source = fileURLToPath(new URL('../../src/', import.meta.url))
const cache = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url))
mkdirSync(cache, { recursive: true })
const folder = mkdtempSync(join(cache, 'oauth-faults-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The text of the file with the fault. Fails if the fault no longer fits the file. */
function faulty({ name, file, from, to }: OAuthFault): string {
  const parts = readFileSync(join(source, file), 'utf8').split(from)
  if (parts.length !== 2) throw new Error(`${name}: "${from}" is ${parts.length - 1} times in ${file}`)
  return parts.join(to)
}

async function programWith(fault: OAuthFault | undefined, file: string): Promise<void> {
  const contents = fault === undefined ? undefined : faulty(fault)
  await build({
    entryPoints: [fileURLToPath(new URL('../support/oauth-case-program.ts', import.meta.url))],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@scimkit/source'],
    logLevel: 'error',
    plugins: [
      {
        name: 'fault',
        setup: ({ onLoad }) => {
          onLoad({ filter: /\.ts$/ }, ({ path }) =>
            fault !== undefined && contents !== undefined && path === join(source, fault.file)
              ? { contents, loader: 'ts' }
              : undefined,
          )
        },
      },
    ],
  })
}

const outputOf = (file: string, id: string): Promise<string> =>
  new Promise((resolve) => {
    execFile(process.execPath, [file, id], { timeout: patience }, (_error, stdout) => resolve(stdout))
  })

// A fault may make a case slow.
const patience = 60_000

describe('faults', () => {
  test(
    'without a fault the cases pass',
    async () => {
      const file = join(folder, 'correct.mjs')
      await programWith(undefined, file)
      for (const id of new Set(oauthFaults.map(({ seenBy }) => seenBy)))
        expect([id, await outputOf(file, id)]).toEqual([id, 'passed\n'])
    },
    patience,
  )

  test.each(oauthFaults.map((fault) => [`${fault.name}: ${fault.seenBy}`, fault] as const))(
    '%s',
    async (_title, fault) => {
      const file = join(folder, `${oauthFaults.indexOf(fault)}.mjs`)
      await programWith(fault, file)
      expect(await outputOf(file, fault.seenBy)).toMatch(/^failed: /)
    },
    patience,
  )
})
