/** Runs cases of one target: each is a text of the corpus, changed by choices that follow from seed and number. */
import { setImmediate as turn } from 'node:timers/promises'
import { corpusOf } from './corpus.mjs'
import { mutated } from './mutate.mjs'
import { watchedPrototypes } from './prototypes.mjs'
import { randomFrom, seedOf } from './random.mjs'

/** A case that takes longer is a finding. Generous: other programs may use the processor. */
const mostMilliseconds = 5_000
/** So often other tasks have their turn, among them errors that no case has waited for. */
const turnEvery = 50
/** Attempts to make a finding shorter. */
const mostShortenings = 400

/**
 * The text of one case: one of the corpus, changed. A target that can generate valid texts generates one in two cases;
 * every other of those is changed as well.
 */
export function textOfCase({ words, generate }, texts, seed, number) {
  const random = randomFrom(seedOf(seed, number))
  const isGenerated = generate !== undefined && random.oneIn(2)
  const text = isGenerated ? generate(random) : random.pick(texts)
  return isGenerated && random.oneIn(2) ? text : mutated(text, random, { texts, words })
}

/** What a text breaks; undefined if nothing. */
export async function violationOf(target, text) {
  const started = performance.now()
  const prototypes = watchedPrototypes()
  try {
    await target.check(text)
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
  const changed = prototypes.changed()
  if (changed !== undefined) return `${changed} has changed`
  const took = performance.now() - started
  return took > mostMilliseconds ? `it took ${Math.round(took)} ms` : undefined
}

/**
 * Runs all texts of the corpus, and then cases until `cases` or `milliseconds` are used up, or there are five findings. `from` is
 * the number of the first case. `onCase` is called before each (the texts of the
 * corpus are -1, -2 …), `onFinding` after
 * each finding.
 */
export async function fuzz(
  target,
  { seed, from = 0, cases = Infinity, milliseconds = Infinity, onCase = () => undefined, onFinding = () => undefined },
) {
  const corpus = corpusOf(target.name)
  const texts = [...corpus.values()]
  const findings = []
  for (const [i, [name, text]] of [...corpus].entries()) {
    onCase(-1 - i)
    const violation = await violationOf(target, text)
    if (violation === undefined) continue
    findings.push({ case: name, text, violation })
    onFinding()
  }
  const end = performance.now() + milliseconds
  let number = from
  while (number - from < cases && findings.length < 5 && performance.now() < end) {
    onCase(number)
    if (number % turnEvery === 0) await turn()
    const text = textOfCase(target, texts, seed, number)
    const violation = await violationOf(target, text)
    number += 1
    if (violation === undefined) continue
    findings.push({ case: number - 1, text: await shortened(target, text), violation })
    onFinding()
  }
  await turn()
  return { cases: corpus.size + number - from, next: number, findings }
}

// Removes pieces as long as something is still broken, larger ones first.
async function shortened(target, text) {
  let best = text
  let left = mostShortenings
  for (let size = Math.ceil(best.length / 2); size >= 1 && left > 0; size = Math.floor(size / 2)) {
    for (let start = 0; start < best.length && left > 0; left--) {
      const shorter = best.slice(0, start) + best.slice(start + size)
      if ((await violationOf(target, shorter)) === undefined) start += size
      else best = shorter
    }
  }
  return best
}
