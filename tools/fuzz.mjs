/**
 * `pnpm fuzz`: random inputs, made of a kept corpus, for each target in fuzz/targets. Build first (`pnpm build`).
 *
 *   pnpm fuzz                                   200,000 cases of each target
 *   pnpm fuzz filter patch --seconds 60         these targets, a minute in all
 *   pnpm fuzz filter --seed 7 --case 1234       one case again, as a finding says
 *   pnpm fuzz --cases 1000000 --seed 7
 *
 * A finding is printed in its shortest form and written to fuzz/findings; the program then exits with 1.
 */

import { randomInt } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { corpusOf, targetNames } from '../fuzz/corpus.mjs'
import { textOfCase, violationOf } from '../fuzz/engine.mjs'
import { root, seconds } from './workspace.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string' },
    cases: { type: 'string' },
    seed: { type: 'string' },
    case: { type: 'string' },
  },
})
const names = positionals.length > 0 ? positionals : targetNames()
const unknown = names.filter((name) => !targetNames().includes(name))
if (unknown.length > 0) {
  console.error(`Unknown target: ${unknown.join(', ')}; known are: ${targetNames().join(', ')}.`)
  process.exit(2)
}
const seed = Number(values.seed ?? randomInt(2 ** 31))

if (values.case !== undefined) await again(names[0], values.case)
else process.exitCode = (await fuzzAll()) ? 0 : 1

/** One case again, with its text. */
async function again(name, number) {
  const { target } = await import(`../fuzz/targets/${name}.mjs`)
  const corpus = corpusOf(name)
  const text = corpus.get(number) ?? textOfCase(target, [...corpus.values()], seed, Number(number))
  console.log(JSON.stringify(text))
  const violation = await violationOf(target, text)
  console.log(violation ?? 'no violation')
  process.exit(violation === undefined ? 0 : 1)
}

async function fuzzAll() {
  const started = performance.now()
  const budget = values.seconds === undefined ? undefined : (Number(values.seconds) * 1000) / names.length
  const cases = values.cases === undefined ? (budget === undefined ? 200_000 : undefined) : Number(values.cases)
  let total = 0
  let findings = 0
  for (const name of names) {
    const result = await fuzzIn(name, { seed, cases, milliseconds: budget })
    total += result.cases
    findings += result.findings.length
    for (const finding of result.findings) report(name, finding)
    console.log(
      `${result.findings.length === 0 ? '✓' : '✗'} ${name.padEnd(15)} ${String(result.cases).padStart(9)} cases, ${result.findings.length} findings`,
    )
  }
  console.log(`${seconds(started)} in all, seed ${seed}`)
  console.log(`${total} cases, ${findings} findings`)
  return findings === 0
}

/** In a thread of its own, so that a case that never ends is noticed. */
function fuzzIn(name, { seed, cases, milliseconds }) {
  return new Promise((resolve, reject) => {
    const state = new Int32Array(new SharedArrayBuffer(4))
    const worker = new Worker(new URL('../fuzz/worker.mjs', import.meta.url), {
      workerData: { name, seed, cases, milliseconds, state },
    })
    let last = -1
    let quiet = 0
    let shown = performance.now()
    const watch = setInterval(() => {
      const now = Atomics.load(state, 0)
      quiet = now === last ? quiet + 1 : 0
      last = now
      if (performance.now() - shown > 5_000) {
        shown = performance.now()
        console.log(`  ${name}: ${now} cases`)
      }
      // A shortening runs without a new number for some seconds.
      if (quiet < 60) return
      clearInterval(watch)
      void worker.terminate()
      resolve({ cases: now, findings: [{ case: now, text: '', violation: 'it has not ended after 60 seconds' }] })
    }, 1_000)
    worker.once('message', (result) => {
      clearInterval(watch)
      void worker.terminate()
      resolve(result)
    })
    worker.once('error', (error) => {
      clearInterval(watch)
      reject(error)
    })
  })
}

function report(name, { case: number, text, violation }) {
  const folder = join(root, 'fuzz', 'findings')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}-${seed}-${number}.txt`)
  writeFileSync(file, text)
  console.log(
    `\n${name}: ${violation}\n\n  input: ${JSON.stringify(text.slice(0, 2_000))}\n  again: pnpm fuzz ${name} --seed ${seed} --case ${number}\n`,
  )
}
