/**
 * `npm test`: everything that must hold before a change lands, from a fresh clone with only Node and npm. Each step
 * shows its seconds; failures are shown in full; the last line counts (a step counts as one, jest counts its tests).
 *
 *   npm test -- --only jest        one step: format, build, types, floors, adapters, edge … or jest (--only types,jest)
 *   npm test -- patch              jest alone, test files whose path matches
 *   npm test -- --all              all of it, the API reference, and then the contracts under every runtime (what CI runs)
 */
import { withPostgres } from './postgres.mjs'
import { build, checkNode, install, isInstalled, jest, run, seconds } from './workspace.mjs'

checkNode()

const args = process.argv.slice(2)
const all = args.includes('--all') && args.splice(args.indexOf('--all'), 1).length > 0
const only = args.includes('--only') ? (args.splice(args.indexOf('--only'), 2)[1] ?? '').split(',') : undefined
const jestOnly = only === undefined && args.length > 0

const node = (...rest) => run(process.execPath, rest)
const steps = {
  format: () => node('node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '--colors=off'),
  build,
  types: () => node('node_modules/typescript/bin/tsc', '-b'),
  floors: () => node('tools/check-floors.mjs'),
  bundles: () => node('tools/check-bundles.mjs'),
  adapters: () => node('tools/check-adapters.mjs'),
  edge: () => node('tools/check-edge.mjs'),
  compliance: () => node('tools/compliance.mjs'),
  citations: () => node('tools/check-citations.mjs'),
  prose: () => node('tools/check-prose.mjs'),
  docs: () => node('tools/check-docs-examples.mjs'),
  exports: () => node('tools/check-exports.mjs'),
  // Tests kill processes, never the machine, and what a killed process has written needs no fsync to survive it.
  jest: () => withPostgres((env) => jest(args, { env }), { fsync: false }),
}

const unknown = (only ?? []).filter((name) => !(name in steps))
if (unknown.length > 0) {
  console.error(`Unknown step: ${unknown.join(', ')}; known are: ${Object.keys(steps).join(', ')}.`)
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
  const detail = name === 'jest' ? ` ${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped` : ''
  if (counts.failed > 0) console.log(result.output.trimEnd())
  console.log(`${counts.failed > 0 ? '✗' : '✓'} ${name.padEnd(10)} ${seconds(started).padStart(7)}${detail}`)
  return counts.failed === 0
}

const started = performance.now()
const ready = isInstalled() || (await step('install', install))
if (ready) {
  for (const [name, action] of Object.entries(steps)) {
    if (jestOnly ? name === 'jest' : (only ?? Object.keys(steps)).includes(name)) await step(name, action)
  }
}

if (ready && all) {
  await step('api', () => node('node_modules/typedoc/bin/typedoc'))
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
