/**
 * `npm run tour`, `npm run conflict-lab`, `npm run bulk-import`, `npm run deprovision`, `npm run multi-tenant`, `npm run agents`: from a fresh
 * clone to an example that runs, with nothing installed but Node and npm.
 *
 *   node tools/example.mjs <folder below examples> [flags of the example]
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { build, checkNode, install, isInstalled, root, runStep } from './workspace.mjs'

checkNode()

const [name = '', ...flags] = process.argv.slice(2)
if (!existsSync(join(root, 'examples', name, 'main.ts'))) {
  console.error(`Unknown example "${name}".`)
  process.exit(2)
}
if (!isInstalled()) await runStep('installing packages', install)
await runStep('building', build)

process.argv.splice(1, process.argv.length, join(root, 'examples', name), ...flags)
await import(`../examples/dist/${name}/main.js`)
