/**
 * `pnpm prove`: the same race and property tests as `npm test`, with full counts instead of the
 * short ones (tests read SCIMKIT_EFFORT, by a support file called effort). Hours, not minutes: run it before a release
 * and after touching the writer, or the part that a pattern selects. The results of each run are shown immediately.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { withPostgres } from './postgres.mjs'
import { checkNode, install, isInstalled, jest, root, seconds } from './workspace.mjs'

checkNode()

const started = performance.now()
if (!isInstalled()) {
  const { ok, output } = await install()
  if (!ok) {
    console.error(output)
    process.exit(1)
  }
}
const patterns = process.argv.length > 2 ? process.argv.slice(2) : provingTests()
const { passed, failed } = await withPostgres((env) =>
  jest(['--testTimeout=36000000', ...patterns], { env: { ...env, SCIMKIT_EFFORT: 'full' }, onLine: console.log }),
)
if (passed + failed === 0) console.log('no test ran')
console.log(`${seconds(started)} in all`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0

/** Every test file with `prove` in its name, or that reads the effort. */
function provingTests() {
  const packages = join(root, 'packages')
  return readdirSync(packages, { recursive: true })
    .map((path) => join(packages, path))
    .filter((path) => path.endsWith('.test.ts') && !path.includes('node_modules'))
    .filter((path) => path.endsWith('-prove.test.ts') || readFileSync(path, 'utf8').includes("/effort.js'"))
}
