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
/** Of a thread. */
const mostMegabytes = 1_024
/** Without a new case. */
const mostQuietSeconds = 60
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
    const began = performance.now()
    const result = await fuzzIn(name, { seed, cases, milliseconds: budget })
    total += result.cases
    findings += result.findings.length
    for (const finding of result.findings) report(name, finding)
    console.log(
      `${result.findings.length === 0 ? '✓' : '✗'} ${name.padEnd(15)} ${String(result.cases).padStart(9)} cases, ${rate(result.cases, began)}, corpus ${corpusOf(name).size}, ${result.findings.length} findings`,
    )
  }
  console.log(`${seconds(started)} in all`)
  console.log(`${total} cases, ${findings} findings, seed ${seed}`)
  return findings === 0
}

function rate(cases, began) {
  return `${Math.round((cases * 1000) / Math.max(performance.now() - began, 1))} cases/s`
}

/** In a thread of its own, so that a case that never ends, or takes all memory, is a finding as others are. */
function fuzzIn(name, { seed, cases, milliseconds }) {
  return new Promise((resolve) => {
    // The number of the current case, and how many findings there are.
    const state = new Int32Array(new SharedArrayBuffer(8))
    const began = performance.now()
    const worker = new Worker(new URL('../fuzz/worker.mjs', import.meta.url), {
      workerData: { name, seed, cases, milliseconds, state },
      resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
    })
    let isOver = false
    const end = (result) => {
      isOver = true
      clearInterval(watch)
      void worker.terminate()
      resolve(result)
    }
    // The text is the whole one: only the thread could shorten it.
    const broken = async (violation) => {
      if (isOver) return
      isOver = true
      clearInterval(watch)
      const number = Atomics.load(state, 0)
      const texts = corpusOf(name)
      // Negative: a text of the corpus.
      const [kept, text] =
        number < 0
          ? [...texts][-1 - number]
          : [
              number,
              textOfCase((await import(`../fuzz/targets/${name}.mjs`)).target, [...texts.values()], seed, number),
            ]
      end({ cases: Math.max(number, 0), findings: [{ case: kept, text, violation }] })
    }
    let last = -1
    let quiet = 0
    let shown = performance.now()
    const watch = setInterval(() => {
      const now = Atomics.load(state, 0)
      quiet = now === last ? quiet + 1 : 0
      last = now
      if (performance.now() - shown > 5_000) {
        shown = performance.now()
        console.log(
          `  ${name}: ${Math.max(now, 0)} cases, ${rate(Math.max(now, 0), began)}, corpus ${corpusOf(name).size}, ${Atomics.load(state, 1)} findings`,
        )
      }
      // A shortening runs without a new number for some seconds.
      if (quiet >= mostQuietSeconds) void broken(`it has not ended after ${mostQuietSeconds} seconds`)
    }, 1_000)
    worker.once('message', end)
    // Also of errors that no case has waited for.
    worker.once(
      'error',
      (error) => void broken(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    )
    // A case that waits for what never happens, with nothing else to do.
    worker.once('exit', () => void broken('the thread has ended within the case'))
  })
}

function report(name, { case: number, text, violation }) {
  const folder = join(root, 'fuzz', 'findings')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}-${seed}-${number}.txt`)
  writeFileSync(file, text)
  const isCase = typeof number === 'number'
  console.log(
    [
      `\n${name}: ${violation}\n`,
      `  input: ${JSON.stringify(text.slice(0, 2_000))}`,
      `  again: pnpm fuzz ${name} --seed ${seed} --case ${number}`,
      ...(isCase ? [`  with the cases before it: pnpm fuzz ${name} --seed ${seed} --cases ${number + 1}`] : []),
      '',
    ].join('\n'),
  )
}
