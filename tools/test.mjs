/**
 * `npm test`: everything that must hold before a change lands, from a fresh clone with only Node and npm. Each step
 * shows its seconds; failures are shown in full; the last line counts (a step counts as one, jest counts its tests).
 * Steps run two at a time, so their seconds add up to more than the time that they take.
 *
 *   npm test -- --only jest        one step: types, format, floors, adapters, build, edge … or jest (--only types,jest)
 *   npm test -- patch              jest alone, test files whose path matches
 *   npm test -- --all              with the short forms of the proofs, the API reference, and then the contracts under every runtime
 *                                  (what CI runs)
 */
import { withPostgres } from './postgres.mjs'
import {
  build,
  checkNode,
  inLanes,
  install,
  isInstalled,
  jest,
  run,
  seconds,
  withTemporaryFilesInMemory,
} from './workspace.mjs'

checkNode()

const args = process.argv.slice(2)
const all = args.includes('--all') && args.splice(args.indexOf('--all'), 1).length > 0
const only = args.includes('--only') ? (args.splice(args.indexOf('--only'), 2)[1] ?? '').split(',') : undefined
const jestOnly = only === undefined && args.length > 0

const node = (...rest) => run(process.execPath, rest)
// Files whose names end in -prove: many clients, killed processes, large stores. A pattern may select one of them.
const proofs = all || jestOnly ? {} : { SCIMKIT_PROOFS: 'skip' }
// Tests kill processes, never the machine, and what a killed process has written needs no fsync to survive it.
const tests = () =>
  withTemporaryFilesInMemory((folder) =>
    withPostgres((server) => jest(args, { env: { ...folder, ...server, ...proofs } }), { fsync: false }),
  )
/** The steps in the order in which they begin, two at a time; one with `after` begins when those steps have ended. */
const steps = {
  // One compiler for all packages and their tests. The build afterwards finds that nothing has to be compiled.
  types: { action: () => node('node_modules/typescript/bin/tsc', '-b') },
  format: { action: () => node('node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '--colors=off') },
  floors: { action: () => node('tools/check-floors.mjs') },
  adapters: { action: () => node('tools/check-adapters.mjs') },
  prose: { action: () => node('tools/check-prose.mjs') },
  build: { action: build, after: ['types'] },
  // The longest of all: the other steps run beside it.
  jest: { action: tests, after: ['build'] },
  // A minute in all; the millions are `pnpm fuzz`.
  fuzz: { action: () => node('tools/fuzz.mjs', '--seconds', '60'), after: ['build'] },
  exports: { action: () => node('tools/check-exports.mjs'), after: ['build'] },
  docs: { action: () => node('tools/check-docs-examples.mjs'), after: ['build'] },
  edge: { action: () => node('tools/check-edge.mjs'), after: ['build'] },
  bundles: { action: () => node('tools/check-bundles.mjs'), after: ['build'] },
  compliance: { action: () => node('tools/compliance.mjs'), after: ['build'] },
  citations: { action: () => node('tools/check-citations.mjs'), after: ['build'] },
  ...(all && { api: { action: () => node('node_modules/typedoc/bin/typedoc'), after: ['build'] } }),
}
const names = Object.keys(steps)

const unknown = (only ?? []).filter((name) => !names.includes(name))
if (unknown.length > 0) {
  console.error(`Unknown step: ${unknown.join(', ')}; known are: ${names.join(', ')}.`)
  process.exit(2)
}

const total = { passed: 0, failed: 0 }
let ran = 0

/** Runs one step, prints its line, and adds to the totals. */
async function step(name, action) {
  const started = performance.now()
  const result = await action()
  const counts = name === 'jest' ? result : { passed: result.ok ? 1 : 0, failed: result.ok ? 0 : 1 }
  total.passed += counts.passed
  total.failed += counts.failed
  if (name === 'jest') ran = result.passed + result.failed
  const detail =
    name === 'jest'
      ? ` ${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`
      : // Its last line has the number of cases and the seed.
        name === 'fuzz'
        ? ` ${result.output.trimEnd().split('\n').at(-1)}`
        : ''
  if (counts.failed > 0) console.log(result.output.trimEnd())
  console.log(`${counts.failed > 0 ? '✗' : '✓'} ${name.padEnd(10)} ${seconds(started).padStart(7)}${detail}`)
  return counts.failed === 0
}

const started = performance.now()
const ready = isInstalled() || (await step('install', install))
if (ready) {
  const chosen = jestOnly ? ['jest'] : (only ?? names)
  const tasks = Object.entries(steps).filter(([name]) => chosen.includes(name))
  await inLanes(tasks.map(([name, { action, after }]) => ({ name, after, action: () => step(name, action) })))
}

if (ready && all) {
  // Not imported above: it needs what is installed only here.
  const { testRuntimes } = await import('./test-runtimes.mjs')
  const { passed, failed } = await testRuntimes()
  total.passed += passed
  total.failed += failed
}
const wantsTests = only === undefined || only.includes('jest')
if (ready && wantsTests && ran === 0) {
  console.log('✗ no test ran')
  total.failed += 1
}
console.log(`${seconds(started)} in all`)
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed > 0 ? 1 : 0
